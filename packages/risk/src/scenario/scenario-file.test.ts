import { describe, expect, test } from 'vitest'
import { parseScenarioFile, scenarioSchema } from './scenario-file.ts'

describe('a scenario file', () => {
  test('that says nothing is a month in which operators prove and nothing happens', () => {
    expect(parseScenarioFile({ format: 1 })).toEqual({
      format: 1,
      days: 30,
      operator: 'proves',
      background: 'frozen',
      miners: [],
      rewards: [],
      steps: [],
    })
  })

  test('has amounts in FIL and actors by their addresses', () => {
    const steps = [{ do: 'topUp', miner: 'f01000', day: 1.5, amount: '2.5 FIL' }]
    const rewards = [{ miner: 'f01000', perDay: '1.5 FIL' }]
    expect(parseScenarioFile({ format: 1, circulatingSupply: '7 FIL', rewards, steps })).toMatchObject({
      circulatingSupply: 7n * 10n ** 18n,
      rewards: [{ miner: 1000, perDay: 15n * 10n ** 17n }],
      steps: [{ do: 'topUp', miner: 1000, day: 1.5, amount: 25n * 10n ** 17n }],
    })
  })

  test.each([
    { defect: 'another format', json: { format: 2 }, place: 'format' },
    { defect: 'a field that is not known', json: { format: 1, day: 3 }, place: 'the file' },
    { defect: 'no days', json: { format: 1, days: 0 }, place: 'days' },
    { defect: 'six years', json: { format: 1, days: 2000 }, place: 'days' },
    {
      defect: 'an unknown step',
      json: { format: 1, steps: [{ do: 'sing', miner: 'f01', day: 1 }] },
      place: 'steps.0.do',
    },
    {
      defect: 'a step at no time',
      json: { format: 1, steps: [{ do: 'windUp', miner: 'f01' }] },
      place: 'steps.0',
    },
    {
      defect: 'a step at two times',
      json: { format: 1, steps: [{ do: 'windUp', miner: 'f01', day: 1, epoch: 2 }] },
      place: 'steps.0',
    },
    {
      defect: 'a negative amount',
      json: { format: 1, steps: [{ do: 'topUp', miner: 'f01', day: 1, amount: '-1 FIL' }] },
      place: 'steps.0.amount',
    },
    {
      defect: 'an extension without an end',
      json: { format: 1, steps: [{ do: 'extend', miner: 'f01', day: 1, sectors: 'all' }] },
      place: 'steps.0',
    },
    {
      defect: 'a reward of nothing',
      json: { format: 1, rewards: [{ miner: 'f01', perDay: '0 FIL' }] },
      place: 'rewards.0.perDay',
    },
    {
      defect: 'two rewards of one miner',
      json: {
        format: 1,
        rewards: [
          { miner: 'f01', perDay: '1 FIL' },
          { miner: 't01', perDay: '2 FIL' },
        ],
      },
      place: 'rewards',
    },
    { defect: 'no actor', json: { format: 1, miners: ['x'] }, place: 'miners.0' },
    { defect: 'no object', json: null, place: 'the file' },
  ])('is refused for $defect, with its place', ({ json, place }) => {
    expect(() => parseScenarioFile(json)).toThrow(
      expect.objectContaining({ code: 'INVALID_SCENARIO_FILE', data: { place } }),
    )
  })

  test('has a schema that names every step', () => {
    const text = JSON.stringify(scenarioSchema())
    const [money, sectors] = [
      ['topUp', 'repayDebt', 'withdraw'],
      ['lose', 'regain', 'recover', 'commit', 'extend', 'terminate', 'windUp'],
    ]
    for (const step of [...(money ?? []), ...(sectors ?? [])]) {
      expect(text).toContain(`"${step}"`)
    }
  })
})
