/** What is known of the chosen picture, and what can be done with it; of several, what can be done with all of them. */
import { Copy, FolderOpen, GitCompare, RotateCcw, SquarePlus, Star, Trash2 } from 'lucide-react'
import type { GalleryPicture } from '../../../../shared/contract/gallery-api.ts'
import type { Recipe } from '../../../../shared/contract/recipe.ts'
import { IconButton } from '../../panels/controls/IconButton.tsx'
import { TextButton } from '../../panels/controls/TextButton.tsx'
import { useStudio } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { Fact } from '../Fact.tsx'
import { momentText } from './days.ts'
import { useDetails } from './use-details.ts'
import type { Gallery } from './use-gallery.ts'

const words = strings.gallery

export function GalleryDetails({ gallery }: { readonly gallery: Gallery }) {
  const { chosen, shelf } = gallery
  const [id = null] = chosen
  const picture = id === null ? undefined : shelf.at(shelf.indexOf(id))
  return (
    <aside className="gallery-details" aria-label={words.details}>
      {chosen.length === 0 && <p className="hint details-none">{words.nothingChosen}</p>}
      {chosen.length === 1 && id !== null && <One key={id} id={id} listed={picture} gallery={gallery} />}
      {chosen.length > 1 && <Several gallery={gallery} />}
    </aside>
  )
}

function One({ id, listed, gallery }: { id: string; listed: GalleryPicture | undefined; gallery: Gallery }) {
  const studio = useStudio()
  const details = useDetails(id)
  const isThere = details !== null && 'url' in details
  // The list knows of stars sooner than the file's own reading.
  const picture = listed ?? (isThere ? details.picture : undefined)
  const thumbnail = gallery.shelf.thumbnail(id)
  const url = isThere ? details.url : typeof thumbnail === 'string' ? thumbnail : null
  return (
    <>
      <div className="details-picture">
        {url !== null && <img src={url} alt={picture?.prompt ?? ''} className={isThere ? '' : 'is-coming'} />}
      </div>
      {details !== null && 'problem' in details && <p className="hint is-error">{details.problem}</p>}
      {picture !== undefined && (
        <>
          <div className="details-actions">
            <TextButton look="accent" onClick={() => studio.placeGalleryPicture(id)}>
              <SquarePlus className="icon" aria-hidden />
              {words.place}
            </TextButton>
            <span className="spring" />
            <CommonActions gallery={gallery} paths={[picture.path]} areStarred={picture.starred} />
          </div>
          <p className="details-prompt selectable">{picture.prompt.trim() || words.untitled}</p>
          {picture.negative !== '' && (
            <p className="details-negative selectable">
              <span className="label">{words.negative}</span> {picture.negative}
            </p>
          )}
          <section className="details-again" aria-label={words.recall}>
            <h3 className="details-title">{words.recall}</h3>
            <div className="details-buttons">
              <TextButton look="outlined" onClick={() => studio.recall(id, 'all')}>
                {words.recallAll}
              </TextButton>
              <TextButton look="outlined" onClick={() => studio.recall(id, 'prompt')}>
                {words.recallPrompt}
              </TextButton>
              <TextButton look="outlined" onClick={() => studio.recall(id, 'seed')}>
                {words.recallSeed}
              </TextButton>
              <TextButton look="outlined" title={words.replayHint} onClick={() => studio.replay(id)}>
                <RotateCcw className="icon" aria-hidden />
                {words.replay}
              </TextButton>
            </div>
          </section>
          <Facts picture={picture} recipe={isThere ? details.recipe : null} />
        </>
      )}
    </>
  )
}

function Several({ gallery }: { readonly gallery: Gallery }) {
  const { chosen, shelf } = gallery
  const pictures = chosen.flatMap((id) => shelf.at(shelf.indexOf(id)) ?? [])
  const thumbnails = chosen
    .slice(0, 400)
    .map((id) => shelf.thumbnail(id))
    .filter((url) => typeof url === 'string')
  return (
    <>
      <div className="details-stack" aria-hidden>
        {thumbnails.slice(0, 9).map((url) => (
          <img key={url} src={url} alt="" />
        ))}
      </div>
      <p className="details-count">{words.severalChosen(chosen.length)}</p>
      <div className="details-actions">
        {chosen.length === 2 && (
          <TextButton look="outlined" pressed={gallery.comparing} onClick={() => gallery.compare(!gallery.comparing)}>
            <GitCompare className="icon" aria-hidden />
            {words.compare}
          </TextButton>
        )}
        <span className="spring" />
        <CommonActions
          gallery={gallery}
          paths={[]}
          areStarred={pictures.length > 0 && pictures.every(({ starred }) => starred)}
        />
      </div>
    </>
  )
}

interface CommonProps {
  readonly gallery: Gallery
  /** To be shown in their folder. */
  readonly paths: readonly string[]
  readonly areStarred: boolean
}

function CommonActions({ gallery, paths, areStarred }: CommonProps) {
  const studio = useStudio()
  return (
    <>
      <IconButton
        label={areStarred ? words.unstar : words.star}
        icon={Star}
        keys="S"
        pressed={areStarred}
        onClick={gallery.star}
      />
      {paths.map((path) => (
        <IconButton key={path} label={words.reveal} icon={FolderOpen} onClick={() => studio.reveal(path)} />
      ))}
      <IconButton label={words.copy} icon={Copy} onClick={() => studio.copyPictures(gallery.chosen)} />
      <IconButton label={words.trash} icon={Trash2} keys="Delete" side="left" onClick={gallery.trash} />
    </>
  )
}

function Facts({ picture, recipe }: { readonly picture: GalleryPicture; readonly recipe: Recipe | null }) {
  const sampling = recipe?.request.sampling
  const stopped = sampling?.stopAfter ?? null
  const steps = sampling && (stopped === null ? String(sampling.steps) : words.stepsOf(stopped, sampling.steps))
  return (
    <dl className="details-facts selectable">
      <Fact name={words.seed}>{picture.seed}</Fact>
      {steps !== undefined && <Fact name={words.steps}>{steps}</Fact>}
      {sampling !== undefined && <Fact name={words.guidance}>{sampling.guidance}</Fact>}
      <Fact name={words.size}>{words.sizeOf(picture.width, picture.height)}</Fact>
      <Fact name={words.kind}>{strings.useNames[picture.use]}</Fact>
      <Fact name={words.model}>{picture.model}</Fact>
      <Fact name={words.made}>{momentText(picture.madeAt)}</Fact>
      <Fact name={words.file}>{picture.path}</Fact>
    </dl>
  )
}
