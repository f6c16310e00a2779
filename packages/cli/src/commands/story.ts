import { createHashes } from '@plimsoll/primitives'
import type { StoryEvent } from '@plimsoll/story'
import { ExitStatus } from '../errors.ts'
import { renderJsonLine } from '../output/json.ts'
import { createProgress } from '../output/progress.ts'
import { createStoryPage, type StoryPage } from '../output/story-page.ts'
import type { Terminal } from '../terminal.ts'

export interface StoryOptions {
  readonly seed: number
  readonly fast?: boolean
  readonly json?: boolean
}

/** `story`: told as it happens, at the pace of a reader where one is there; a story that does not balance is a finding. */
export async function story({ seed, fast, json }: StoryOptions, terminal: Terminal): Promise<ExitStatus> {
  // The network of the story brings the testkit along, which no other command should have to wait for.
  const { tellStory } = await import('@plimsoll/story')
  const page = json === true ? JSON_PAGE : createStoryPage(terminal)
  const pause = fast === true || json === true ? undefined : terminal.pause
  const progress = createProgress(terminal, 'the weeks before the story')
  let isSound = true
  for (const event of tellStory(await createHashes(), seed)) {
    if (event.kind === 'history') {
      progress.update(event.daysDone, event.days)
      continue
    }
    progress.end()
    terminal.writeOut(page(event))
    await pause?.(PAUSES_MS[event.kind] ?? DEFAULT_PAUSE_MS)
    isSound &&= isSoundAt(event)
  }
  return isSound ? ExitStatus.OK : ExitStatus.FINDINGS
}

const JSON_PAGE: StoryPage = renderJsonLine

function isSoundAt(event: StoryEvent): boolean {
  switch (event.kind) {
    case 'plan':
      return event.rehearsalDifferences === 0
    case 'planDone':
      return event.outcome.isExact
    case 'closing':
      return event.closing.isBalanced
    default:
      return true
  }
}

/** How long people read at what happens. A whole story takes a little more than a minute. */
const PAUSES_MS: Readonly<Partial<Record<StoryEvent['kind'], number>>> = {
  terms: 3000,
  agreement: 0,
  mint: 400,
  day: 900,
  plan: 4500,
  planDone: 4000,
  closing: 0,
}
const DEFAULT_PAUSE_MS = 2000
