import { type AttoFil, EPOCHS_IN_DAY, formatFilRoundedDown } from '@plimsoll/primitives'
import type { Standing, StoryEvent } from '@plimsoll/story'
import type { Terminal } from '../terminal.ts'
import { levelBar, percentOfWarning } from './level-bar.ts'
import { below, fil, prefix } from './story-text.ts'
import { bold } from './table.ts'

type Of<K extends StoryEvent['kind']> = Extract<StoryEvent, { readonly kind: K }>

/** A miner's agreement and what it minted at once. */
export function agreementLine(event: Of<'mint'>): string {
  const { standing, amount } = event
  const { miner, safePledge, warningThreshold, terminationThreshold } = standing
  const of = fil(amount + safePledge)
  return `${prefix(event, miner)}mints ${fil(amount)} of ${of}; warned below ${fil(warningThreshold)}, terminated below ${fil(terminationThreshold)}`
}

/** A mint that is refused, with what is left of the balance after each term of Safe Pledge. */
export function refusalLines(event: Of<'mintRefused'>): readonly string[] {
  const { miner, asked, capacity, binding, steps } = event
  return [
    `${prefix(event, miner)}asks for ${fil(asked)} pFIL: REFUSED. Safe Pledge is ${fil(capacity)}, and the ${TERMS[binding] ?? binding} binds`,
    ...steps.map(({ term, left }, i) =>
      below(event, `${i === 0 ? 'balance' : `less ${TERMS[term]}`}`.padEnd(36) + fil(left).padStart(12)),
    ),
  ]
}

const TERMS: Readonly<Record<string, string>> = {
  actorBalance: 'balance',
  preCommitDeposit: 'pre-commit deposits',
  outstanding: 'outstanding pFIL',
  terminationFee: 'termination fee',
  buffer: 'buffer',
  feeDebt: 'fee debt',
  queuedTerminationFee: 'queued termination fee',
}

/** A day: the miners that do not prove everything or are not in order; all others in a word. */
export function dayLines(event: Of<'day'>): readonly string[] {
  const { standings, supply, passiveMint } = event
  const troubled = standings.filter(({ faultySectors, stage }) => faultySectors > 0 || stage !== 'open')
  const others = standings.length - troubled.length
  const whole = `${others} miners prove everything; ${fil(supply)} pFIL in circulation, ${fil(passiveMint)} of it since yesterday`
  return [...troubled.flatMap((standing) => standingLines(event, standing)), `${prefix(event)}${whole}`]
}

const STAGES: Readonly<Record<Standing['stage'], string>> = {
  open: '',
  warned: ' WARNED',
  windingUp: ' WOUND UP',
  closed: ' CLOSED',
}

function standingLines(event: StoryEvent, standing: Standing): readonly string[] {
  const { miner, stage, eligibleAsset, safePledge, feeDebt, faultySectors } = standing
  const levels = {
    amount: eligibleAsset,
    warning: standing.warningThreshold,
    termination: standing.terminationThreshold,
  }
  const figures = `${fil(eligibleAsset)} ${percentOfWarning(levels).padStart(5)}  Safe Pledge ${fil(safePledge)}`
  return [
    `${prefix(event, miner)}${levelBar(levels)} ${figures}, ${faultySectors} faulty${STAGES[stage]}`,
    ...(feeDebt > 0n
      ? [below(event, `fee debt ${fil(feeDebt)}, which the eligible asset does not show`)]
      : []),
  ]
}

/** What happens to one miner, or in an auction. */
export function incidentLines(terminal: Terminal, event: StoryEvent): readonly string[] {
  const say = (word: string, text: string) => {
    const miner = 'miner' in event ? event.miner : 'standing' in event ? event.standing.miner : undefined
    return [`${prefix(event, miner)}${bold(terminal, word)}${text}`]
  }
  switch (event.kind) {
    case 'blockWon':
      return say('wins a block', `: ${fil(event.reward)} FIL, three quarters of which vest`)
    case 'sectorsLost':
      return say(
        'LOSES',
        ` ${event.lost} of ${event.of} sectors, which are faulty from their next deadlines on`,
      )
    case 'warning': {
      const state = comparison(event.standing, 'warningThreshold', 'below')
      return say('PUBLIC WARNING', `: eligible asset ${state}; ${daysOf(event)} days of notice`)
    }
    case 'topUp':
      return say('TOP-UP', `: its provider sends ${fil(event.amount)} FIL`)
    case 'sectorsRestored':
      return say('', `${event.sectors} sectors are back, and are declared recovered deadline by deadline`)
    case 'warningLifted':
      return say(
        'SAVED',
        `: eligible asset ${comparison(event.standing, 'warningThreshold', 'not below')}, the warning is lifted`,
      )
    case 'forcedTermination':
      return say(
        'FORCED TERMINATION',
        `: eligible asset ${comparison(event.standing, 'terminationThreshold', 'below')}, notice is over`,
      )
    default:
      return moneyLines(say, event)
  }
}

function comparison(
  standing: Standing,
  level: 'warningThreshold' | 'terminationThreshold',
  word: string,
): string {
  return `${fil(standing.eligibleAsset)} is ${word} ${fil(standing[level])}`
}

function daysOf({ noticeUntil, epoch }: Of<'warning'>): number {
  return (noticeUntil - epoch) / EPOCHS_IN_DAY
}

type Say = (word: string, text: string) => readonly string[]

function moneyLines(say: Say, event: StoryEvent): readonly string[] {
  switch (event.kind) {
    case 'recovered':
      return say(
        'RECOVERED',
        ` ${fil(event.amount)} FIL: ${fil(event.lot)} to be sold, ${fil(event.toOwner)} to the owner`,
      )
    case 'auctionOpened':
      return say('', `${fil(event.lot)} FIL for sale, ${fil(event.outstanding)} pFIL to be bought back`)
    case 'bid': {
      const surplus = event.surplus > 0n ? `, ${fil(event.surplus)} to holders` : ''
      const deal = `${fil(event.fil)} FIL for ${fil(event.pfil)} pFIL at ${price(event.price)}`
      return say('', `bidder ${event.bidder} takes ${deal}: ${fil(event.burned)} burned${surplus}`)
    }
    case 'auctionOver':
      return say('', `over: ${partsOf(event.auction)}; ${fil(event.outstanding)} pFIL still owed`)
    case 'writtenOff':
      return say(
        'WRITTEN OFF',
        `: ${fil(event.fromReserve)} from the reserve, ${fil(event.lost)} of bad debt borne by the holders`,
      )
    case 'agreementClosed':
      return say('CLOSED', `: nothing is owed any more, ${fil(event.surplus)} pFIL of surplus to the holders`)
    default:
      return []
  }
}

/** Where a lot went, as far as something did. */
function partsOf({ sold, passedIn, returned }: Of<'auctionOver'>['auction']): string {
  const parts: readonly (readonly [string, AttoFil])[] = [
    ['sold', sold],
    ['into the vault', passedIn],
    ['to the owner', returned],
  ]
  return parts
    .filter(([, amount]) => amount > 0n)
    .map(([name, amount]) => `${fil(amount)} ${name}`)
    .join(', ')
}

function price(amount: AttoFil): string {
  return formatFilRoundedDown(amount, 2)
}
