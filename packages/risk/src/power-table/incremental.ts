import type { StoragePower } from '@plimsoll/primitives'
import { nominalPower, type Spec2019Claim, type Spec2019Parameters } from './spec2019.ts'

/**
 * The power table of 2019 kept up to date claim by claim, with the results of `spec2019Table`.
 *
 * Who is eligible is told by one number, the cutoff: a miner is, if its nominal power is more than nothing and at
 * least the cutoff. So a change of one claim costs the same in a table of ten and of a million, although it may
 * change the eligibility of all others. Miners without nominal power are counted nowhere: they are never
 * eligible, and a cutoff of nothing and one of the smallest power admit the same miners.
 */
export class PowerTable<Id> {
  readonly #parameters: Spec2019Parameters
  /** The nominal power of every miner in the table, also of those that have none. */
  readonly #nominal = new Map<Id, StoragePower>()
  readonly #all: Tally = { count: 0, sum: 0n }
  readonly #aboveStor: Tally = { count: 0, sum: 0n }
  readonly #largest: LargestPowers
  #standing: Standing | undefined

  constructor(parameters: Spec2019Parameters) {
    this.#parameters = parameters
    this.#largest = new LargestPowers(2 * parameters.minMinerSizeTarg + 64)
  }

  get size(): number {
    return this.#nominal.size
  }

  /** Enters a miner, or replaces what it claimed before. */
  set(id: Id, claim: Spec2019Claim): void {
    const after = nominalPower(claim, this.#parameters)
    this.#replace(this.#nominal.get(id) ?? 0n, after)
    this.#nominal.set(id, after)
  }

  /** Takes a miner out; whether it was in the table. */
  delete(id: Id): boolean {
    this.#replace(this.#nominal.get(id) ?? 0n, 0n)
    return this.#nominal.delete(id)
  }

  nominalPowerOf(id: Id): StoragePower | undefined {
    return this.#nominal.get(id)
  }

  isEligible(id: Id): boolean {
    return this.#isEnough(this.#nominal.get(id) ?? 0n)
  }

  /** The nominal power from which miners are eligible; one byte where any power is enough. */
  get cutoff(): StoragePower {
    return this.#stand().cutoff
  }

  /** The nominal power of all eligible miners. */
  get total(): StoragePower {
    return this.#stand().sum
  }

  get eligibleCount(): number {
    return this.#stand().count
  }

  /** The eligible miners with their power, in the order in which they were entered first. */
  *entries(): Generator<readonly [id: Id, nominal: StoragePower]> {
    for (const entry of this.#nominal) {
      if (this.#isEnough(entry[1])) {
        yield entry
      }
    }
  }

  #isEnough(power: StoragePower): boolean {
    return power > 0n && power >= this.cutoff
  }

  #replace(before: StoragePower, after: StoragePower): void {
    if (before === after) {
      return
    }
    this.#standing = undefined
    if (before > 0n) {
      this.#count(before, -1)
    }
    if (after > 0n) {
      this.#count(after, 1)
    }
  }

  #count(power: StoragePower, sign: 1 | -1): void {
    addTo(this.#all, power, sign)
    if (power >= this.#parameters.minMinerSizeStor) {
      addTo(this.#aboveStor, power, sign)
    }
    this.#largest.count(power, sign)
  }

  #stand(): Standing {
    this.#standing ??= this.#workOutStanding()
    return this.#standing
  }

  #workOutStanding(): Standing {
    const { minMinerSizeStor, minMinerSizeTarg } = this.#parameters
    if (this.#aboveStor.count > 0) {
      return { cutoff: minMinerSizeStor, ...this.#aboveStor }
    }
    return this.#all.count <= minMinerSizeTarg
      ? { cutoff: 1n, ...this.#all }
      : this.#largest.firstRanks(minMinerSizeTarg)
  }
}

/** Who is eligible: from which power on, how many, and with how much in total. */
interface Standing {
  readonly cutoff: StoragePower
  readonly count: number
  readonly sum: StoragePower
}

interface Tally {
  count: number
  sum: StoragePower
}

function addTo(tally: Tally, power: StoragePower, sign: 1 | -1): void {
  tally.count += sign
  tally.sum += sign === 1 ? power : -power
}

/**
 * How many miners have which power, and the largest of those powers in order.
 *
 * The ordered ones are all that are at least `floor`. Powers that vanish make them fewer, and only when they are
 * too few for a question are they gathered again; in between at least half of them have to vanish.
 */
class LargestPowers {
  readonly #countOf = new Map<StoragePower, number>()
  readonly #capacity: number
  /** Distinct powers, largest first. */
  #ordered: StoragePower[] = []
  #floor: StoragePower = 0n

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  count(power: StoragePower, sign: 1 | -1): void {
    const before = this.#countOf.get(power) ?? 0
    const after = before + sign
    if (after === 0) {
      this.#countOf.delete(power)
    } else {
      this.#countOf.set(power, after)
    }
    if (power < this.#floor) {
      return
    }
    if (before === 0) {
      this.#insert(power)
    } else if (after === 0) {
      this.#ordered.splice(this.#placeOf(power), 1)
    }
  }

  /** The miners of the first so many ranks with all who tie with the last; there have to be as many. */
  firstRanks(ranks: number): Standing {
    return this.#tryFirstRanks(ranks) ?? this.#gather().#tryFirstRanks(ranks) ?? NOBODY
  }

  /** Undefined when the ordered powers are too few to tell. */
  #tryFirstRanks(ranks: number): Standing | undefined {
    let count = 0
    let sum = 0n
    for (const power of this.#ordered) {
      const miners = this.#countOf.get(power) ?? 0
      count += miners
      sum += power * BigInt(miners)
      if (count >= ranks) {
        return { cutoff: power, count, sum }
      }
    }
    return undefined
  }

  #gather(): this {
    this.#ordered = []
    this.#floor = 0n
    for (const power of this.#countOf.keys()) {
      if (power >= this.#floor) {
        this.#insert(power)
      }
    }
    return this
  }

  #insert(power: StoragePower): void {
    this.#ordered.splice(this.#placeOf(power), 0, power)
    if (this.#ordered.length > this.#capacity) {
      this.#ordered.pop()
      this.#floor = this.#ordered.at(-1) ?? 0n
    }
  }

  /** Where a power stands, or would stand, among the ordered ones. */
  #placeOf(power: StoragePower): number {
    let [low, high] = [0, this.#ordered.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ordered[middle] as StoragePower) > power) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

const NOBODY: Standing = { cutoff: 1n, count: 0, sum: 0n }
