/**
 * Golden of v3's sampling loop: the tokens of each case, from the very random numbers that PyTorch drew. The unconditional pass
 * takes zeros for ByT5's features and none of CLIP's.
 */
import { z } from 'zod'
import type { PaellaV3Config } from '../models/paella-v3.ts'
import { conditionerV3, conditionFeeds, type PassCondition } from '../models/paella-v3-condition.ts'
import { Graph } from '../onnx/graph.ts'
import { planV3 } from '../sampler/plan.ts'
import { predictor } from '../sampler/predictor.ts'
import { sample } from '../sampler/sample.ts'
import { stepGraphV3 } from '../sampler/step-graph.ts'
import { elementCount } from '../tensor/dtype.ts'
import { float32, floats, int32 } from '../tensor/tensor.ts'
import { type Comparison, compareInts } from './compare.ts'
import { type Golden, goldenBroken, parseHead } from './golden.ts'
import { conditionsOf, configOf } from './paella-v3.ts'
import { recordedDraws, recordedDrawsSchema } from './recorded-draws.ts'
import { withRunners } from './runner.ts'

/** The arguments of the authors' `sample`, by their names. */
const argsSchema = z.object({
  steps: z.int().min(1),
  renoise_steps: z.int(),
  temperature: z.tuple([z.number(), z.number()]),
  cfg: z.number().nullable(),
  t_start: z.number().default(1),
})
const caseSchema = z.object({ args: argsSchema, draws: recordedDrawsSchema })
const headSchema = z.looseObject({ cases: z.record(z.string(), caseSchema) })

export async function checkSamplerV3(golden: Golden): Promise<Comparison[]> {
  const { cases } = parseHead(golden, headSchema)
  const cfg = configOf(golden)
  const results: Comparison[] = []
  for (const [name, recorded] of Object.entries(cases)) results.push(await checkCase(golden, cfg, name, recorded))
  return results
}

async function checkCase(
  golden: Golden,
  cfg: PaellaV3Config,
  name: string,
  { args, draws }: z.infer<typeof caseSchema>,
): Promise<Comparison> {
  const plan = planV3({
    steps: args.steps,
    guidance: args.cfg ?? undefined,
    temperature: args.temperature,
    renoiseSteps: args.renoise_steps,
    start: args.t_start,
  })
  const theirs = await golden.ints(`${name}.tokens`, 3)
  const [batch = 0, height = 0, width = 0] = theirs.shape
  const cells = height * width
  const conditions = await conditionsOf(golden, name, ['clip_text', 'clip_image'])
  if (conditions.length !== batch)
    throw goldenBroken(golden.folder, `${name}: ${batch} pictures of ${conditions.length} conditions`)
  const uniforms = floats(await golden.floats(`${name}.uniforms`, 1))
  const unlike = (why: string): never => {
    throw goldenBroken(golden.folder, `${name}: ${why}`)
  }

  const graphs = { condition: new Graph(), step: stepGraphV3(cfg, { typical: 'nothing', draw: plan.draw }, {}) }
  conditionerV3(graphs.condition, cfg)
  const ours = new Int32Array(batch * cells)
  await withRunners(golden, graphs, [], async ({ condition, step }) => {
    for (const [item, given] of conditions.entries()) {
      const passes = args.cfg === null ? [given] : [given, unconditional(given)]
      const { conditioner, mask } = conditionFeeds(cfg, passes)
      const steering = {
        passes: passes.length === 1 ? 1 : 2,
        feeds: { ...(await condition.run(conditioner)), mask },
      } as const
      const predict = predictor(step, steering, plan, { width, height }, cfg.labels)
      const recorded = recordedDraws(draws, uniforms, { item, batch }, unlike)
      for await (const { tokens } of sample(predict, plan, { cells, labels: cfg.labels }, recorded))
        ours.set(tokens, item * cells)
    }
  })
  return compareInts(`${name}.tokens`, int32(ours, theirs.shape), theirs)
}

const unconditional = ({ caption: { shape } }: PassCondition): PassCondition => ({
  caption: float32(new Float32Array(elementCount(shape)), shape),
})
