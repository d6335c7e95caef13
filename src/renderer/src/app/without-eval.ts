/**
 * The page's policy forbids making functions of text; zod tries whether it may as soon as a schema is made, which the browser reports.
 * To be imported before anything else that makes schemas.
 */
import { config } from 'zod'

config({ jitless: true })
