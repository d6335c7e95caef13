/** When something will be done, as people say it: 'at 14:05', 'tomorrow at 06:30', 'November 28 at 06:30'. */
const time = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hour12: false })
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long' })

/** @param finishesAt in ms since 1970 */
export function finishText(finishesAt: number, now: Date): string {
  const end = new Date(finishesAt)
  const clock = time.format(end)
  if (end.toDateString() === now.toDateString()) return `at ${clock}`
  const tomorrow = new Date(now)
  tomorrow.setDate(now.getDate() + 1)
  return end.toDateString() === tomorrow.toDateString() ? `tomorrow at ${clock}` : `${day.format(end)} at ${clock}`
}
