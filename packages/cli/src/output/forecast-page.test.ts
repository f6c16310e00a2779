import { capturedTerminal } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { run } from '../program.ts'
import { forecastPage } from './forecast-page.ts'

describe('the page of a forecast', () => {
  test('says of a closed form that is not the run which figures differ, and day by day by which terms', async () => {
    const terminal = capturedTerminal()
    await run(['forecast', '--miner', 'f0152', '--days', '1', '--json'], terminal)
    const report = JSON.parse(terminal.out)
    // As if the actors had charged 7 attoFIL more on the first day than formulas say, and burned 2 of them.
    Object.assign(report.miners[0].closedForm, {
      isEqualToActors: false,
      differences: [{ day: 1, figure: 'feeDebt', actors: '5000000000000000000', closedForm: '0' }],
      againstRun: [{ day: 1, figures: { balance: '2', feeDebt: '-5' }, terms: { fees: '-7', burned: '-2' } }],
    })
    const lines = forecastPage(report, undefined).flatMap((block) =>
      block.kind === 'lines' ? block.lines : [],
    )
    expect(lines).toEqual(
      expect.arrayContaining([
        'DIFFERENT from the run of the actors, whose path counts; the first day that differs:',
        'day 1, feeDebt: actors 5.0000, closed form 0.0000',
        'day 1, closed form less actors in attoFIL: fees -7, burned -2',
      ]),
    )
  })
})
