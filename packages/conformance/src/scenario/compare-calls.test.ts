import { describe, expect, test } from 'vitest'
import { compareCalls } from './compare-calls.ts'
import type { RecordedCall } from './scenario-types.ts'

const nested: RecordedCall = { f: 4, t: 'f01', v: '5', m: 2, p: 'gA==', x: 0, r: 'gQA=' }
const call: RecordedCall = { f: 100, t: 'f04', m: 2, p: 'gA==', x: 0, s: [nested, { ...nested, m: 3 }] }

describe('two trees of calls', () => {
  test('are the same, whether what is usual is written or not', () => {
    expect(compareCalls(call, structuredClone(call))).toBeUndefined()
    const written = { ...call, v: '0', pc: 0x51, rc: 0x51, e: [] }
    expect(compareCalls(call, written)).toBeUndefined()
  })

  test.each<{ change: Partial<RecordedCall>; what: string }>([
    { change: { f: 101 }, what: 'call: caller' },
    { change: { t: 'f05' }, what: 'call: callee' },
    { change: { v: '1' }, what: 'call: value' },
    { change: { m: 3 }, what: 'call: method' },
    { change: { p: 'gQA=' }, what: 'call: parameters' },
    { change: { pc: 113 }, what: 'call: codec of parameters' },
    { change: { en: 5 }, what: 'call: error number' },
    { change: { x: 16 }, what: 'call: exit code' },
    { change: { r: 'gA==' }, what: 'call: return value' },
    { change: { rc: 85 }, what: 'call: codec of return value' },
    { change: { e: [[4, [[3, '$type', 81, 'YQ==']]]] }, what: 'call: events' },
    { change: { s: [nested] }, what: 'call > 1 (f01 method 3)' },
    { change: { s: [nested, { ...nested, m: 3 }, nested] }, what: 'call > 2' },
    { change: { s: [nested, { ...nested, m: 3, x: 1 }] }, what: 'call > 1 (f01 method 3): exit code' },
  ])('differ in $what', ({ change, what }) => {
    expect(compareCalls(call, { ...call, ...change })?.what).toBe(what)
  })

  // What happens first is the cause of what happens after it.
  test('that differ in many ways differ first in what happens first', () => {
    const other = { ...call, x: 16, r: 'gA==', s: [{ ...nested, x: 20 }] }
    expect(compareCalls(call, other)).toEqual({
      what: 'call > 0 (f01 method 2): exit code',
      expected: '0',
      actual: '20',
    })
  })

  test('do not differ in the exit code of a call that did not start', () => {
    expect(compareCalls({ ...call, en: 6, x: 5 }, { ...call, en: 6, x: 0 })).toBeUndefined()
  })
})
