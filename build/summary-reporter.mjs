/**
 * A Vitest reporter that writes the totals of a run as JSON to the file that PAELLA_TEST_TOTALS names, for
 * build/test.mjs. What fails without being a test (a file that cannot be loaded, an error outside of any test) counts as
 * failed, so that 0 failed always means that everything was well.
 */
import { writeFileSync } from 'node:fs'

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors, reason) {
    const path = process.env['PAELLA_TEST_TOTALS']
    // Without a file nothing was found to run; build/test.mjs takes a missing result for a failure.
    if (path === undefined || modules.length === 0) return
    const totals = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) totals[stateOf(test)] += 1
      totals.failed += brokenSuites(module)
    }
    if (reason === 'interrupted') totals.failed += 1
    writeFileSync(path, JSON.stringify(totals))
  }
}

/** A test that was never finished has not passed. */
function stateOf(test) {
  const { state } = test.result()
  return state === 'passed' || state === 'skipped' ? state : 'failed'
}

/** The file and its suites that have errors of their own: at loading, or in beforeAll and afterAll. */
function brokenSuites(module) {
  return [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length
}
