/**
 * Golden of v1's sampling loop: the tokens of each case, from the very random numbers that PyTorch drew. A case was sampled as
 * one batch; we sample its pictures one by one.
 */
import { z } from 'zod'
import { conditioner, type DenoiseUNetConfig, denoiseUNetConfig } from '../models/denoise-unet.ts'
import { Graph } from '../onnx/graph.ts'
import { planV1, type SamplePlan, typicalBy } from '../sampler/plan.ts'
import { predictor } from '../sampler/predictor.ts'
import { sample } from '../sampler/sample.ts'
import { stepGraph } from '../sampler/step-graph.ts'
import { float32, floats, int32, ints, type Tensor } from '../tensor/tensor.ts'
import { type Comparison, compareInts } from './compare.ts'
import { conditionWidth } from './denoise-unet.ts'
import { type Golden, goldenBroken, parseHead } from './golden.ts'
import { recordedDraws, recordedDrawsSchema } from './recorded-draws.ts'
import { withRunners } from './runner.ts'
import { checkTypicalFilter } from './typical-filter.ts'

/** The arguments of the authors' `sample`, by their names. */
const argsSchema = z.object({
  T: z.int().min(1),
  size: z.tuple([z.int().min(1), z.int().min(1)]),
  typical_filtering: z.boolean(),
  typical_mass: z.number().default(0.2),
  typical_min_tokens: z.int().default(1),
  classifier_free_scale: z.number(),
  renoise_steps: z.int().nullable().default(null),
  renoise_mode: z.enum(['start', 'prev', 'rand']),
  temp_range: z.tuple([z.number(), z.number()]),
  starting_t: z.int().default(0),
})
const caseSchema = z.object({ args: argsSchema, draws: recordedDrawsSchema })
const headSchema = z.looseObject({ cases: z.record(z.string(), caseSchema) })

export async function checkSampler(golden: Golden): Promise<Comparison[]> {
  const { cases } = parseHead(golden, headSchema)
  const cfg = denoiseUNetConfig(golden.weights, conditionWidth(golden))
  const results = golden.io.has('typical.logits') ? await checkTypicalFilter(golden) : []
  for (const [name, recorded] of Object.entries(cases)) results.push(await checkCase(golden, cfg, name, recorded))
  return results
}

async function checkCase(
  golden: Golden,
  cfg: DenoiseUNetConfig,
  name: string,
  { args, draws }: z.infer<typeof caseSchema>,
): Promise<Comparison> {
  const plan = planOf(args)
  const passes = plan.steps[0]?.guidance === undefined ? 1 : 2
  const theirs = await golden.ints(`${name}.tokens`, 3)
  const c = await golden.floats(`${name}.c`, 2)
  const uniforms = floats(await golden.floats(`${name}.uniforms`, 1))
  const optional = async (key: string) => (golden.io.has(key) ? ints(await golden.ints(key, 3)) : undefined)
  const picture = await optional(`${name}.x0`)
  const mask = await optional(`${name}.mask`)
  const [height, width] = args.size
  const cells = height * width
  const [batch = 0] = theirs.shape
  const unlike = (why: string): never => {
    throw goldenBroken(golden.folder, `${name}: ${why}`)
  }

  const graphs = {
    condition: new Graph(),
    step: stepGraph(cfg, { extent: 'global', typical: typicalBy(plan), draw: plan.draw }, {}),
  }
  conditioner(graphs.condition, cfg, 'global')
  const ours = new Int32Array(batch * cells)
  await withRunners(golden, graphs, [], async ({ condition, step }) => {
    for (let item = 0; item < batch; item++) {
      const from = item * cells
      const start = {
        cells,
        labels: cfg.labels,
        tokens: picture?.slice(from, from + cells),
        mask: mask && Uint8Array.from(mask.subarray(from, from + cells)),
      }
      const own = floats(c).subarray(item * cfg.cClip, (item + 1) * cfg.cClip)
      const mapped = await condition.run({ c: conditionRows(own, passes) })
      const predict = predictor(step, { passes, feeds: mapped }, plan, { width, height }, cfg.labels)
      const steps = sample(predict, plan, start, recordedDraws(draws, uniforms, { item, batch }, unlike))
      for await (const { tokens } of steps) ours.set(tokens, from)
    }
  })
  return compareInts(`${name}.tokens`, int32(ours, [batch, height, width]), theirs)
}

const planOf = (args: z.infer<typeof argsSchema>): SamplePlan =>
  planV1(
    {
      steps: args.T,
      guidance: args.classifier_free_scale,
      temperature: args.temp_range,
      typicalMass: args.typical_filtering ? args.typical_mass : null,
      typicalMinTokens: args.typical_min_tokens,
      renoise: args.renoise_mode,
      renoiseSteps: args.renoise_steps,
      draw: 'gumbel-max',
    },
    args.starting_t,
  )

/** A condition, then zeros for the unconditional pass where there are two: [passes, c_clip] */
function conditionRows(c: Float32Array, passes: number): Tensor {
  const rows = new Float32Array(passes * c.length)
  rows.set(c)
  return float32(rows, [passes, c.length])
}
