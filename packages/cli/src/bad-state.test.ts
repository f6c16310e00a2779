import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ActorRecord, Deadlines, Partitions, StateRoot } from '@plimsoll/actors'
import {
  type Blockstore,
  encodeCbor,
  itemEnd,
  type Link,
  linkTo,
  load,
  makeCid,
  save,
  saveBlock,
} from '@plimsoll/ipld'
import { type ActorId, createHashes, parseHex } from '@plimsoll/primitives'
import {
  capturedTerminal,
  carBytes,
  carOfState,
  concat,
  editDeadline,
  editMiner,
  editRecord,
  recordingBlockstore,
  type StateEdit,
  testCode,
} from '@plimsoll/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from './program.ts'

const hashes = await createHashes()
const MINER = 1000 as ActorId
const PLAN = { epoch: 1_000_000, miners: [{ id: MINER, sectors: [{ sectorNumber: 7 }] }] }

let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-bad-state-'))
})

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function plimsoll(command: string, car: Uint8Array, ...args: readonly string[]) {
  const path = join(directory, 'state.car')
  writeFileSync(path, car)
  const terminal = capturedTerminal()
  const status = await run([command, path, ...args], terminal)
  return { status, out: terminal.out, error: terminal.error }
}

/** Puts a link to other bytes into the place of a link. */
function linkToBytes<T>(store: Blockstore, block: Uint8Array): Link<T> {
  return linkTo(saveBlock(store, block))
}

/** A partition's bytes with its `sectors`, the first of eleven fields, replaced. */
function withSectorsBytes(rlePlus: Uint8Array): StateEdit {
  return editDeadline(MINER, 0, (deadline, store) => {
    const partition = Partitions.load(store, deadline.partitions).get(0)
    if (partition === undefined) {
      throw new Error('the plan has a partition')
    }
    const whole = encodeCbor(Partitions.value, partition)
    // One byte is the head of the array; the first item after it is the bitfield.
    const rest = whole.subarray(itemEnd(whole, 1))
    const edited = concat(Uint8Array.of(0x8b, 0x40 + rlePlus.length), rlePlus, rest)
    // The root of an AMT with bit width 3, height 0, count 1, and one leaf with one value.
    const root = concat(Uint8Array.of(0x84, 3, 0, 1, 0x83, 0x41, 1, 0x80, 0x81), edited)
    return { ...deadline, partitions: linkToBytes(store, root) }
  })
}

function withSectorsRoot(root: Uint8Array): StateEdit {
  return editMiner(MINER, (state, store) => ({ ...state, sectors: linkToBytes(store, root) }))
}

const MISSING = linkTo<never>(makeCid(0x71, 0xb220, new Uint8Array(32)))

describe('S7: a state with a defect', () => {
  test.each<{ what: string; edit: StateEdit; code: string; place: string }>([
    {
      what: 'a missing block',
      edit: editMiner(MINER, (state) => ({ ...state, sectors: MISSING })),
      code: 'MISSING_BLOCK',
      place: 'f01000.sectors',
    },
    {
      what: 'a missing deadline',
      edit: editMiner(MINER, (state, store) => {
        const { due } = load(store, Deadlines, state.deadlines)
        return { ...state, deadlines: save(store, Deadlines, { due: due.with(5, MISSING) }) }
      }),
      code: 'MISSING_BLOCK',
      place: 'f01000.deadlines[5]',
    },
    {
      what: 'a state that is cut short',
      edit: editRecord(MINER, (record, store) => ({
        ...record,
        head: linkToBytes(store, Uint8Array.of(0x8f)),
      })),
      code: 'CBOR_TRUNCATED',
      place: 'f01000',
    },
    {
      what: 'an integer in a longer form than it needs',
      edit: withSectorsRoot(parseHex('841805000083410080')),
      code: 'CBOR_NOT_CANONICAL',
      place: 'f01000.sectors',
    },
    {
      what: 'an AMT of another bit width',
      edit: withSectorsRoot(parseHex('8406000083410080' + '80')),
      code: 'AMT_BIT_WIDTH',
      place: 'f01000.sectors',
    },
    {
      what: 'an AMT higher than any index needs',
      edit: withSectorsRoot(parseHex('8405182000834400000000' + '8080')),
      code: 'AMT_HEIGHT',
      place: 'f01000.sectors',
    },
    {
      what: 'an AMT that counts other than it has',
      edit: editMiner(MINER, (state, store) => {
        const root = (store.find(state.sectors.cid) ?? new Uint8Array()).slice()
        // [bit width, height, count, node]: the count is the fourth byte.
        root[3] = 2
        return { ...state, sectors: linkToBytes(store, root) }
      }),
      code: 'AMT_COUNT',
      place: 'f01000.sectors',
    },
    {
      what: 'an array that claims more items than there are bytes',
      edit: withSectorsRoot(parseHex('9bffffffffffffffff')),
      code: 'CBOR_INTEGER_TOO_LARGE',
      place: 'f01000.sectors',
    },
    {
      what: 'RLE+ of an unknown version',
      edit: withSectorsBytes(Uint8Array.of(0x01)),
      code: 'RLE_VERSION',
      place: 'f01000.deadlines[0].partitions[0].sectors',
    },
    {
      what: 'RLE+ with a zero byte at its end',
      edit: withSectorsBytes(Uint8Array.of(0x0c, 0x00)),
      code: 'RLE_NOT_MINIMAL',
      place: 'f01000.deadlines[0].partitions[0].sectors',
    },
    {
      what: 'a partition with a sector that is not stored',
      // The version, then a run of 1 that is in the set: the set {0}.
      edit: withSectorsBytes(Uint8Array.of(0b1100)),
      code: 'SECTOR_WITHOUT_INFO',
      place: 'f01000.deadlines[0].partitions[0].sectors',
    },
    {
      what: 'an actor whose code nobody knows',
      edit: editRecord(2000 as ActorId, unknownActor),
      code: 'UNKNOWN_ACTOR_CODE',
      place: '',
    },
  ])('$what ends in one line with $code and the place, and no table', async ({ edit, code, place }) => {
    const { car } = carOfState(hashes, withActor2000(code), edit)
    const { status, out, error } = await plimsoll('assess', car)
    expect(error).toMatch(new RegExp(`^plimsoll: ${code}: [^\\n]+\\n$`))
    expect(error).toContain(place)
    expect(out).toBe('')
    expect(status).toBe(65)
  })

  test('a sector number of 2^53 is refused and not rounded', async () => {
    const { car } = carOfState(
      hashes,
      PLAN,
      editMiner(MINER, (state, store) => {
        const block = store.find(state.sectors.cid) ?? new Uint8Array()
        // [5, 0, 1, [bitmap, [], [[7, …]]]]: the number 7 becomes 2^53.
        const at = block.indexOf(0x90) + 1
        expect(block[at]).toBe(7)
        const edited = concat(block.subarray(0, at), parseHex('1b0020000000000000'), block.subarray(at + 1))
        return { ...state, sectors: linkToBytes(store, edited) }
      }),
    )
    const { status, error } = await plimsoll('assess', car)
    expect(error).toContain('CBOR_INTEGER_TOO_LARGE')
    expect(error).toContain('f01000.sectors[7].sectorNumber')
    expect(status).toBe(65)
  })
})

describe('a root', () => {
  test.each([
    { what: 'text', block: parseHex('6161') },
    { what: 'an array of five', block: parseHex('8500000000' + '00') },
    { what: 'nothing', block: new Uint8Array() },
  ])('that is $what is no state', async ({ block }) => {
    const store = recordingBlockstore(hashes)
    const root = saveBlock(store, block)
    const { status, error } = await plimsoll('assess', carBytes([root], store.blocks))
    expect(error).toContain('NO_STATE_ROOT')
    expect(status).toBe(65)
  })

  test('that is not in the file is named', async () => {
    const { status, error } = await plimsoll('assess', carBytes([MISSING.cid], []))
    expect(error).toContain('MISSING_BLOCK')
    expect(error).toContain('at root')
    expect(status).toBe(65)
  })

  test('of a state tree of version 3 is refused', async () => {
    const store = recordingBlockstore(hashes)
    const root = save(store, StateRoot, { version: 3, actors: MISSING, info: MISSING })
    const { status, error } = await plimsoll('assess', carBytes([root.cid], store.blocks))
    expect(error).toContain('UNSUPPORTED_STATE_TREE')
    expect(status).toBe(65)
  })
})

describe('S7: the version of the actors', () => {
  const coded = (codeVersion: string) => carOfState(hashes, { ...PLAN, codeVersion }).car

  test.each([
    { code: '7', args: [], expected: 'UNSUPPORTED_ACTORS_VERSION', status: 65 },
    { code: '19', args: [], expected: 'UNSUPPORTED_ACTORS_VERSION', status: 65 },
    { code: '18', args: ['--actors-version', '17'], expected: 'ACTORS_VERSION_CONTRADICTED', status: 2 },
    { code: 'mine', args: [], expected: 'UNKNOWN_ACTORS_VERSION', status: 65 },
  ])('of code fil/$code with $args is $expected', async ({ code, args, expected, status }) => {
    const { status: actual, error } = await plimsoll('assess', coded(code), ...args)
    expect(error).toContain(expected)
    expect(actual).toBe(status)
  })

  test('of test code is 18, or what the option says', async () => {
    expect((await plimsoll('assess', coded('test'))).out).toContain('actors v18')
    expect((await plimsoll('assess', coded('test'), '--actors-version', '17')).out).toContain('actors v17')
  })
})

describe('check', () => {
  test('refuses what it cannot decode, like every command', async () => {
    const { car } = carOfState(
      hashes,
      PLAN,
      editMiner(MINER, (state) => ({ ...state, allocatedSectors: MISSING })),
    )
    const { status, error, out } = await plimsoll('check', car)
    expect(error).toContain('MISSING_BLOCK')
    expect(error).toContain('f01000.allocatedSectors')
    expect(out).toBe('')
    expect(status).toBe(65)
  })
})

function unknownActor(record: ActorRecord): ActorRecord {
  return { ...record, code: testCode('account', 'unheard') }
}

/** The case of the unknown code needs an actor that is no miner. */
function withActor2000(code: string) {
  return code === 'UNKNOWN_ACTOR_CODE' ? { ...PLAN, miners: [...PLAN.miners, { id: 2000 as ActorId }] } : PLAN
}
