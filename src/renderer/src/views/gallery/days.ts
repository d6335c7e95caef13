/** Days as the gallery calls them. */
import { strings } from '../../strings/strings.ts'

const words = strings.gallery

const thisYear = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' })
const otherYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' })
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** 'Today', 'Yesterday', 'Wednesday, November 25'. @param day 'YYYY-MM-DD', local time */
export function dayText(day: string, now: Date): string {
  if (day === dayOf(now)) return words.today
  const before = new Date(now)
  before.setDate(now.getDate() - 1)
  if (day === dayOf(before)) return words.yesterday
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const local = new Date(year, month - 1, date)
  return (year === now.getFullYear() ? thisYear : otherYear).format(local)
}

/** 'YYYY-MM-DD', local time. */
export function dayOf(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

export const momentText = (time: number): string => moment.format(time)
