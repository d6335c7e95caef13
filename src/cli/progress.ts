/** The text of the progress bar, and the arithmetic behind it. Drawing is in terminal-line.ts. */

export interface Progress {
  /** 1..pictures */
  readonly picture: number
  readonly pictures: number
  /** Steps taken of this picture, 1..steps. */
  readonly step: number
  readonly steps: number
  /** Mean of the steps so far, ms. */
  readonly stepMilliseconds: number
}

const barCells = 10

/**
 * `[#####-----] picture 1/4, step 5/10, 0.04 s a step, 3 s left`, or as much of it as fits into `columns`: what matters least
 * goes first.
 */
export function progressText(progress: Progress, columns: number): string {
  const { picture, pictures, step, steps, stepMilliseconds } = progress
  const stepsLeft = (pictures - picture) * steps + (steps - step)
  const all = pictures * steps
  const filled = Math.floor(((all - stepsLeft) * barCells) / all)
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(barCells - filled)}]`
  const left = duration((stepsLeft * stepMilliseconds) / 1000)
  const pace = `${stepSeconds(stepMilliseconds / 1000)} s a step`
  const place = `picture ${picture}/${pictures}, step ${step}/${steps}`
  const wordings = [
    `${bar} ${place}, ${pace}, ${left} left`,
    `${bar} ${place}, ${left} left`,
    `${bar} ${left} left`,
    `${left} left`,
  ]
  return wordings.find((text) => text.length <= columns) ?? ''
}

/** Two digits that count: 0.042, 0.42, 4.2, 42. */
function stepSeconds(seconds: number): string {
  if (seconds >= 10) return seconds.toFixed(0)
  if (seconds >= 1) return seconds.toFixed(1)
  return seconds.toFixed(seconds >= 0.1 ? 2 : 3)
}

/** 3 s, 2 min 5 s, 1 h 20 min; rounded up, so that "0 s left" means done. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
