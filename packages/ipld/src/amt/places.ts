/**
 * Where the items of a node are: {@link PLACE_WORDS} numbers for each, its slot, and where in the block it begins and
 * ends. One flat list, since most nodes hold one item or two, and a list for each number would take more than they do.
 */
interface Placed {
  readonly places: readonly number[]
}

const PLACE_WORDS = 3
const [SLOT, START, END] = [0, 1, 2] as const

/**
 * The places of so many items, which are set one after another before anybody sees them.
 *
 * Cost: `fill` would take four times as long for the few items that most nodes have, and a list that grows would be
 * longer in memory than it is.
 */
export function createPlaces(count: number): number[] {
  const places = new Array<number>(count * PLACE_WORDS)
  for (let i = 0; i < places.length; i++) {
    places[i] = 0
  }
  return places
}

export function countPlaces({ places }: Placed): number {
  return places.length / PLACE_WORDS
}

export function setPlace(places: number[], place: number, slot: number, start: number, end: number): void {
  const at = place * PLACE_WORDS
  places[at + SLOT] = slot
  places[at + START] = start
  places[at + END] = end
}

/** The places with one more at `place`, of an item that is not in the block. */
export function withPlace(places: readonly number[], place: number, slot: number): readonly number[] {
  return places.toSpliced(place * PLACE_WORDS, 0, slot, 0, 0)
}

/**
 * The same places, but that the item at `place` is not in the block.
 *
 * Cost: done for nearly every change, for which `with` and `toSpliced` take several times as long as a copy and a loop.
 */
export function withoutStart(places: readonly number[], place: number): readonly number[] {
  const changed = places.slice()
  changed[place * PLACE_WORDS + START] = 0
  return changed
}

/** The places of the other items. */
export function withoutPlace(places: readonly number[], place: number): readonly number[] {
  const others = createPlaces(places.length / PLACE_WORDS - 1)
  const gap = place * PLACE_WORDS
  for (let i = 0; i < others.length; i++) {
    others[i] = places[i < gap ? i : i + PLACE_WORDS] as number
  }
  return others
}

export function slotAt({ places }: Placed, place: number): number {
  return places[place * PLACE_WORDS + SLOT] as number
}

/** Where in the block the item begins, or zero, where none can, if it is not there. */
export function startAt({ places }: Placed, place: number): number {
  return places[place * PLACE_WORDS + START] as number
}

export function endAt({ places }: Placed, place: number): number {
  return places[place * PLACE_WORDS + END] as number
}
