/** Runs one measurement, given as JSON, and prints what it found as JSON: the process that `paella bench` starts for each. */
import { fastestDevice } from '../../engine/runtime/device.ts'
import { measureModel, measurePeak, measurePublished, type Task } from './tasks.ts'

function run(task: Task): Promise<unknown> {
  if (task.task === 'peak') return measurePeak()
  if (task.task === 'fastest') return fastestDevice({ folder: task.folder, log: () => undefined })
  return task.task === 'model' ? measureModel(task) : measurePublished(task)
}

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as Task)))
