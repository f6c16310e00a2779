import {
  type ActorId,
  type AttoFil,
  FIL_DECIMALS,
  formatActorId,
  formatFilRoundedDown,
} from '@plimsoll/primitives'
import type { StoryMoment } from '@plimsoll/story'

const DECIMALS = 4
/** An epoch is half a minute. */
const EPOCHS_IN_MINUTE = 2
const MINUTES_IN_HOUR = 60

/** When something happens and to whom, in front of a line. */
export function prefix({ day, epochInDay }: StoryMoment, miner?: ActorId): string {
  const minutes = Math.floor(epochInDay / EPOCHS_IN_MINUTE)
  const time = `${twoDigits(Math.floor(minutes / MINUTES_IN_HOUR))}:${twoDigits(minutes % MINUTES_IN_HOUR)}`
  return `day ${String(day).padStart(2)} ${time}  ${miner === undefined ? '' : `${formatActorId(miner)}  `}`
}

/** A line that goes on below another one. */
export function below(moment: StoryMoment, text: string): string {
  return `${' '.repeat(prefix(moment).length)}${text}`
}

/** All decimals, so that equal amounts look equal. */
export function exactFil(amount: AttoFil): string {
  return formatFilRoundedDown(amount, FIL_DECIMALS)
}

export function fil(amount: AttoFil): string {
  return formatFilRoundedDown(amount, DECIMALS)
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
