import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { linkTo } from '@plimsoll/ipld'
import { actorId, createHashes, idAddress } from '@plimsoll/primitives'
import { capturedTerminal, carOfState, putActor, testCode } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const FIXTURES = fileURLToPath(new URL('../../../../fixtures', import.meta.url))

async function check(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(['check', ...args], terminal)
  expect(terminal.error).toBe('')
  return { status, out: terminal.out }
}

describe('check', () => {
  test('exits with 0 and says so where no rule is broken', async () => {
    const { status, out } = await check(join(FIXTURES, 'liquidation', 'tiny.final.car.gz'))
    expect(status).toBe(0)
    expect(out).toContain('no findings')
  })

  test('exits with 1 and lists what is broken by kind', async () => {
    // The scenario's own end line says the same: more reward was left than the allocation of a real network.
    const { status, out } = await check()
    expect(status).toBe(1)
    expect(out).toMatch(/^reward\/allocation +1$/m)
    expect(out).toContain('  f02: ')
  })

  test('says which actors have no rules yet, instead of passing over them', async () => {
    const channel = {
      code: testCode('paymentchannel'),
      head: linkTo(testCode('paymentchannel')),
      sequence: 0n,
      balance: 0n,
      delegatedAddress: null,
    }
    const plan = { epoch: 1_000_000, miners: [] }
    const { car } = carOfState(await createHashes(), plan, putActor(idAddress(actorId(200)), channel))
    const directory = mkdtempSync(join(tmpdir(), 'plimsoll-check-'))
    writeFileSync(join(directory, 'state.car'), car)
    expect((await check(join(directory, 'state.car'))).out).toContain('no rules here yet: 1 paymentchannel')
    rmSync(directory, { recursive: true })
  })

  test('prints every finding as JSON', async () => {
    const { out } = await check('--json')
    expect(JSON.parse(out)).toMatchObject({
      format: 1,
      actorsVersion: 18,
      checked: { storageminer: 12 },
      findings: [{ kind: 'reward/allocation', place: 'f02' }],
    })
  })
})
