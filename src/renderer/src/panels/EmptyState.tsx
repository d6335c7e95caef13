/** What is on the canvas before there is a document: three ways to begin, and what was open last. */
import { FolderOpen, Image, Sparkles, SquarePlus } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { useFileDrop } from './file-drop.ts'
import { pageAction } from './page-actions.ts'

const words = strings.empty
const most = 6

export function EmptyState() {
  const studio = useStudio()
  const recent = useStudioState(({ start }) => start?.recent ?? null)
  const drop = useFileDrop((source, name) => {
    if (name === null) studio.open(source)
    else studio.showDialog({ type: 'dropped', name, source })
  })
  return (
    <div className="empty-state" data-drop={drop.isOver || undefined} {...drop.handlers}>
      <div className="empty-inner">
        <h2 className="empty-title">{words.title}</h2>
        <div className="cards">
          <Card
            icon={Sparkles}
            title={words.prompt}
            text={words.promptText}
            onClick={() => pageAction(studio, 'prompt.focus')}
          />
          <Card
            icon={FolderOpen}
            title={drop.isOver ? words.drop : words.open}
            text={words.openText}
            onClick={() => studio.act('file.open')}
          />
          <Card icon={SquarePlus} title={words.create} text={words.createText} onClick={() => studio.act('file.new')} />
        </div>
        {recent !== null && recent.length > 0 && (
          <section className="recent" aria-label={words.recent}>
            <h3 className="recent-title">{words.recent}</h3>
            <ul className="recent-list">
              {recent.slice(0, most).map(({ path }) => (
                <li key={path}>
                  <button type="button" className="recent-file" onClick={() => studio.openRecent(path)}>
                    <Image className="icon" aria-hidden />
                    <span className="recent-name">{nameOf(path)}</span>
                    <span className="recent-folder">{folderOf(path)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  )
}

const lastSlash = (path: string): number => Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
const nameOf = (path: string): string => path.slice(lastSlash(path) + 1)
const folderOf = (path: string): string => path.slice(0, Math.max(1, lastSlash(path)))

interface CardProps {
  readonly icon: LucideIcon
  readonly title: string
  readonly text: string
  readonly onClick: () => void
}

function Card({ icon: Icon, title, text, onClick }: CardProps) {
  return (
    <button type="button" className="card" onClick={onClick}>
      <Icon className="card-icon" aria-hidden />
      <span className="card-title">{title}</span>
      <span className="card-text">{text}</span>
    </button>
  )
}
