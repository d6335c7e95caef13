/** The composition root of the window: connects the engine and puts the parts together. */
import { createRoot } from 'react-dom/client'
import { type EngineApi, engineMethods } from '../../../shared/contract/engine-api.ts'
import { connect } from '../../../shared/wire/connect.ts'
import { openSocketPipe } from './socket-pipe.ts'
import { Studio } from './Studio.tsx'
import './studio.css'
import { allowEmptyingOnly } from './trusted-types.ts'

allowEmptyingOnly()
const root = document.querySelector('#studio')
if (!root) throw new Error('assertion failed: the page has no place for the studio')

const engine = openSocketPipe(`ws://${location.host}/wire`).then((pipe) => connect<EngineApi>(engineMethods, pipe))
createRoot(root).render(<Studio engine={engine} />)
