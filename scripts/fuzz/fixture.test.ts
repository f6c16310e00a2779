import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { attemptStep } from './attempt-step.ts'
import { chanceOf } from './chance.ts'
import { takeCheckpoint } from './checkpoint.ts'
import { type Fixture, fixtureOf, replayFixture, shrinkFailure } from './fixture.ts'
import { nextStep } from './generate.ts'
import type { Step } from './step.ts'
import { createWorld, observe } from './world.ts'

const hashes = await createHashes()
const FOLDER = fileURLToPath(new URL('../../fixtures/fuzz', import.meta.url))

/** Some steps from a state, none of which breaks a rule. */
function someSteps(count: number) {
  const world = createWorld(hashes, 'hasty', 9)
  const { vm } = world.network
  const checkpoint = takeCheckpoint(vm)
  const chance = chanceOf(9)
  const steps: Step[] = []
  while (steps.length < count) {
    const step = nextStep(world, chance)
    const outcome = attemptStep(vm, step)
    if ('receipt' in outcome) {
      observe(world, step, outcome.receipt)
    }
    steps.push(step)
  }
  return { profile: 'hasty' as const, checkpoint, steps }
}

describe('sequences that once broke a rule', () => {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : []

  test('break none any more', () => {
    const broken = names.map((name) => {
      const fixture = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Fixture
      return { name, violation: replayFixture(hashes, fixture) }
    })
    expect(broken).toEqual(names.map((name) => ({ name, violation: undefined })))
  })

  test('come back from a file with the state that they begin with', () => {
    const failure = { ...someSteps(60), violation: { rule: 'none', details: '' } }
    const fixture = JSON.parse(JSON.stringify(fixtureOf(hashes, failure))) as Fixture
    expect(fixture.steps).toHaveLength(60)
    expect(replayFixture(hashes, fixture)).toBeUndefined()
  })

  test('are not shrunk when they do not fail again', () => {
    const failure = { ...someSteps(20), violation: { rule: 'never broken', details: '' } }
    expect(shrinkFailure(hashes, failure)).toBeUndefined()
  })
})
