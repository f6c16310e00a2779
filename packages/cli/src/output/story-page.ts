import type { StoryEvent } from '@plimsoll/story'
import type { Terminal } from '../terminal.ts'
import { renderBlocks } from './document.ts'
import { closingBlocks } from './story-closing.ts'
import { agreementLine, dayLines, incidentLines, refusalLines } from './story-lines.ts'
import { outcomeBlocks, planBlocks, planMessageLines } from './story-plan.ts'
import { networkLines, termsLines } from './story-terms.ts'
import { bold } from './table.ts'

/** Text for an event. */
export type StoryPage = (event: StoryEvent) => string

/** A story as lines of at most 100 columns, with a heading wherever something else begins. */
export function createStoryPage(terminal: Terminal): StoryPage {
  let chapter = ''
  return (event) => {
    const next = CHAPTERS[event.kind] ?? chapter
    const heading = next === chapter || next === '' ? '' : `\n${bold(terminal, next)}\n\n`
    chapter = next
    return `${heading}${textOf(terminal, event)}`
  }
}

const CHAPTERS: Readonly<Partial<Record<StoryEvent['kind'], string>>> = {
  network: 'The network',
  agreement: 'pFIL is minted, up to Safe Pledge',
  day: 'From day to day',
  plan: 'The plan',
  planMessage: 'The plan is carried out, window by window',
  planDone: 'What was planned, and what happened',
  bid: 'The recovered FIL buys pFIL back',
  closing: 'The books',
}

function textOf(terminal: Terminal, event: StoryEvent): string {
  switch (event.kind) {
    case 'terms':
      return lines(termsLines(terminal, event))
    case 'network':
      return lines(networkLines(event.network))
    case 'history':
    case 'agreement':
      return ''
    case 'mintRefused':
      return lines(refusalLines(event))
    case 'mint':
      return lines([agreementLine(event)])
    case 'day':
      return lines(dayLines(event))
    case 'plan':
      return renderBlocks(terminal, planBlocks(event.plan, event.rehearsalDifferences))
    case 'planMessage':
      return lines(planMessageLines(event, event.message))
    case 'planDone':
      return renderBlocks(terminal, outcomeBlocks(event.outcome))
    case 'closing':
      return renderBlocks(terminal, closingBlocks(event.closing))
    default:
      return lines(incidentLines(terminal, event))
  }
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}
