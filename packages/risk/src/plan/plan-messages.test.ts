import { idAddress } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import {
  MAX_MESSAGE_BYTES,
  type MessageLimits,
  messageOfPlan,
  packTerminations,
  plannedMessage,
  repayMessage,
  settleDraft,
  sizeOfMessage,
  terminationMessage,
  withdrawMessage,
} from './plan-messages.ts'
import { gasBand } from './planned-gas.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

const ROUTE = { from: idAddress(102n), to: idAddress(1000n) }
/** As a plan has it, for those who sign. */
const SHOWN = { from: 'f0102', to: 'f01000' }
const LIMITS: MessageLimits = {
  ...{ hasNewMethod: false, partitions: 100, sectors: 100 },
  gas: 10_000_000_000n,
  sizeBytes: MAX_MESSAGE_BYTES,
}

const sectorsOf = (...numbers: readonly number[]) => numbers.map((number) => plainSector(number))

/** Three partitions of two sectors in deadline 5, one in deadline 6. */
function eightSectors() {
  return plainMiner({
    deadlines: [
      ...Array.from({ length: 5 }, () => plainDeadline()),
      plainDeadline(sectorsOf(0, 1), sectorsOf(2, 3), sectorsOf(4, 5)),
      plainDeadline(sectorsOf(6, 7)),
    ],
  })
}

/** The sectors that each message names, while both deadlines can be changed. */
function packed(limits: Partial<MessageLimits>, isChosen: (sector: number) => boolean = () => true) {
  return packTerminations(eightSectors(), 0, { ...LIMITS, ...limits }, isChosen).map(({ declared }) =>
    declared.map(({ sectors }) => sectors),
  )
}

const APART = [[[0, 1]], [[2, 3]], [[4, 5]], [[6, 7]]]
const ONE_BY_ONE = [[[0]], [[1]], [[2]], [[3]], [[4]], [[5]], [[6]], [[7]]]

describe('packTerminations', () => {
  test('puts everything into one message where it fits, by deadline and partition', () => {
    const [draft, ...others] = packTerminations(eightSectors(), 0, LIMITS, () => true)
    expect(others).toEqual([])
    expect(draft?.declared).toEqual([
      { deadline: 5, partition: 0, sectors: [0, 1] },
      { deadline: 5, partition: 1, sectors: [2, 3] },
      { deadline: 5, partition: 2, sectors: [4, 5] },
      { deadline: 6, partition: 0, sectors: [6, 7] },
    ])
  })

  test('names what is chosen, and sends nothing for nothing', () => {
    expect(packed({}, (sector) => sector % 2 === 1)).toEqual([[[1], [3], [5], [7]]])
    expect(packed({}, () => false)).toEqual([])
  })

  test.each([
    {
      sectors: 8,
      messages: [
        [
          [0, 1],
          [2, 3],
          [4, 5],
          [6, 7],
        ],
      ],
    },
    {
      sectors: 7,
      messages: [
        [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
        [[6, 7]],
      ],
    },
    { sectors: 3, messages: APART },
    { sectors: 2, messages: APART },
    { sectors: 1, messages: ONE_BY_ONE },
  ])('has no more than $sectors sectors in a message', ({ sectors, messages }) => {
    expect(packed({ sectors })).toEqual(messages)
  })

  test.each([
    {
      partitions: 4,
      messages: [
        [
          [0, 1],
          [2, 3],
          [4, 5],
          [6, 7],
        ],
      ],
    },
    {
      partitions: 3,
      messages: [
        [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
        [[6, 7]],
      ],
    },
    { partitions: 1, messages: APART },
  ])('has no more than $partitions partitions in a message', ({ partitions, messages }) => {
    expect(packed({ partitions })).toEqual(messages)
  })

  // `TerminateSectors2` has no such limits.
  test('counts neither where the new method does the work', () => {
    const messages = [
      [
        [0, 1],
        [2, 3],
        [4, 5],
        [6, 7],
      ],
    ]
    expect(packed({ hasNewMethod: true, partitions: 1, sectors: 1 })).toEqual(messages)
  })

  // 512 around the parameters; 19 and a bit field of 2 bytes for the first partition, of 3 bytes for the others.
  test.each([
    {
      sizeBytes: 512 + 21 + 3 * 22,
      messages: [
        [
          [0, 1],
          [2, 3],
          [4, 5],
          [6, 7],
        ],
      ],
    },
    {
      sizeBytes: 512 + 21 + 22,
      messages: [
        [
          [0, 1],
          [2, 3],
        ],
        [[4, 5]],
        [[6, 7]],
      ],
    },
    { sizeBytes: 512 + 21 + 21, messages: APART },
    { sizeBytes: 512 + 22, messages: APART },
    { sizeBytes: 512 + 21, messages: [[[0, 1]], ...ONE_BY_ONE.slice(2)] },
  ])('has no more than $sizeBytes bytes in a message', ({ sizeBytes, messages }) => {
    expect(packed({ sizeBytes })).toEqual(messages)
  })

  // 58,719,404 for a message, and 15,615,184 a partition, 578,793 a sector, 3,745,887 for the deadline, 609,082 for each
  // set of expirations that is emptied, 2,568,623 for the block of the first 32 sectors; 14 bytes of sets at 11,380.599.
  const OF_TWO =
    58_719_404n + 2n * 15_615_184n + 4n * 578_793n + 3_745_887n + 2n * 609_082n + 2_568_623n + 159_328n

  test('has the gas of what it names', () => {
    const limits = { ...LIMITS, sectors: 4 }
    expect(packTerminations(eightSectors(), 0, limits, () => true)[0]?.gas).toEqual(gasBand(OF_TWO))
  })

  // 121 % of 99,956,946 is 120,947,904.66. The next pair is of two deadlines, and dearer.
  test.each([
    {
      gas: 120_947_904n,
      messages: [
        [
          [0, 1],
          [2, 3],
        ],
        [[4, 5]],
        [[6, 7]],
      ],
    },
    { gas: 120_947_903n, messages: APART },
  ])('may need no more than $gas gas at the high end', ({ gas, messages }) => {
    expect(packed({ gas })).toEqual(messages)
  })

  test('cuts what is too much alone in two, the larger half first, and sends a single sector whatever it needs', () => {
    const five = plainMiner({
      deadlines: [...eightSectors().deadlines.slice(0, 5), plainDeadline(sectorsOf(0, 1, 2, 3, 4))],
    })
    const cut = (limits: Partial<MessageLimits>) =>
      packTerminations(five, 0, { ...LIMITS, ...limits }, () => true).map(({ declared }) => declared)
    const part = (...sectors: readonly number[]) => [{ deadline: 5, partition: 0, sectors }]
    expect(cut({ sectors: 3 })).toEqual([part(0, 1, 2), part(3, 4)])
    expect(cut({ gas: 0n })).toEqual([part(0), part(1), part(2), part(3), part(4)])
    expect(cut({ sizeBytes: 0 })).toEqual([part(0), part(1), part(2), part(3), part(4)])
  })
})

describe('a message', () => {
  // One declaration: deadline 5, partition 0, and the sectors 0 and 1, which are 0x54 in RLE+.
  test('of method 9 has the declarations alone', () => {
    const message = terminationMessage(ROUTE, [{ deadline: 5, partition: 0, sectors: [0, 1] }], undefined)
    expect(plannedMessage(message)).toEqual({
      ...SHOWN,
      ...{ value: 0n, method: 9, methodName: 'TerminateSectors', params: '81818305004154' },
    })
    expect(sizeOfMessage(message)).toBe(512 + 7)
  })

  test('of method 37 has the most that may be terminated as well', () => {
    const message = terminationMessage(ROUTE, [{ deadline: 5, partition: 0, sectors: [0, 1] }], 2)
    expect(plannedMessage(message)).toEqual({
      ...SHOWN,
      ...{ value: 0n, method: 37, methodName: 'TerminateSectors2', params: '8281830500415402' },
    })
  })

  test('that repays debt takes nothing', () => {
    const message = repayMessage(ROUTE)
    expect(plannedMessage(message)).toMatchObject({ ...SHOWN, methodName: 'RepayDebt', params: null })
    expect(sizeOfMessage(message)).toBe(512)
  })

  // 1000 is 0x03e8, with a byte for its sign.
  test('that withdraws names the amount', () => {
    expect(plannedMessage(withdrawMessage(ROUTE, 1000n))).toMatchObject({
      ...{ ...SHOWN, methodName: 'WithdrawBalance', params: '81430003e8' },
    })
  })

  // 47,058,842 and 540,457 a sector; the new method costs 58,719,404 besides.
  test('that only charges the queue names nothing', () => {
    expect(settleDraft(2, false)).toEqual({ declared: [], gas: gasBand(48_139_756n) })
    expect(settleDraft(2, true)).toEqual({ declared: [], gas: gasBand(48_139_756n + 58_719_404n) })
  })
})

describe('messageOfPlan', () => {
  test.each([
    repayMessage(ROUTE),
    withdrawMessage(ROUTE, 1000n),
    terminationMessage(ROUTE, [{ deadline: 5, partition: 0, sectors: [0, 1] }], 2),
  ])('gives a machine the message that was planned', ({ methodName: _, ...message }) => {
    expect(messageOfPlan(plannedMessage({ methodName: _, ...message }))).toEqual(message)
  })
})
