/** A switch as one reads about it before one turns it: what it does, where it comes from, how open it is. */
export interface SwitchDescription {
  readonly name: string
  /** How it is written in a rule set. */
  readonly forms: readonly string[]
  readonly changes: string
  readonly status: string
  readonly source: string
  /** What the proposal leaves open, and how it is settled here. */
  readonly questions: readonly (readonly [question: string, answer: string])[]
}

/**
 * Every switch that there is.
 *
 * Source: FIPs pull request 1035, FIP-0006, FIP-0036, FIP-0056, builtin-actors pull request 1261.
 */
export const SWITCHES: readonly SwitchDescription[] = [
  {
    name: 'terminateSectors2',
    forms: ['terminateSectors2', 'terminateSectors2:lenient'],
    changes:
      'Gives miners a method (37, exported 2777360141) that settles every queued termination, ends more sectors and settles them too, in one message and completely, or fails and changes nothing.',
    status: 'a draft that was never numbered; on no network',
    source: 'filecoin-project/FIPs pull request 1035',
    questions: [
      ['Who is a control address?', 'Whoever may call method 9: owner, worker, control addresses.'],
      ['What counts toward the maximum?', 'Every queued sector, and every named one that is not queued.'],
      [
        'What may a caller name twice?',
        'Sectors in the queue of the named partition; leniently also those settled before.',
      ],
      ['When is the work not done?', 'Never: the method does all of it or fails, and returns true.'],
      ['How much at once?', 'No limit of its own: rounds of what method 9 settles, until nothing is left.'],
    ],
  },
  {
    name: 'fip0006',
    forms: ['fip0006'],
    changes:
      'Faults may be declared recovered while the miner owes fees: no debt is collected then, and none is required to be paid.',
    status: 'deferred; on no network',
    source: 'filecoin-project/FIPs FIP-0006',
    questions: [
      [
        'What else asks for the debt?',
        'Pre-commitments, non-interactive commitments and withdrawals, as before.',
      ],
      [
        'Does power of those in debt count?',
        'Yes, in the totals; their miners still cannot win. `power` shows how much it is.',
      ],
    ],
  },
  {
    name: 'sdm',
    forms: ['sdm:fip0036', 'sdm:fip0056', 'sdm:pr1261', 'sdm:1y=1/3.5y=3.5', 'sdm:fip0036@6300000'],
    changes:
      'Multiplies the quality of a sector by a function of its commitment, and with it power, pledge, deposits, daily and fault fees; at commitment, update and extension.',
    status: 'rejected (FIP-0036, FIP-0056), not merged (pull request 1261); on no network',
    source: 'filecoin-project/FIPs FIP-0036 and FIP-0056; filecoin-project/builtin-actors pull request 1261',
    questions: [
      [
        'Which function?',
        'Any table of durations and multipliers; the drafts leave it open or give a picture.',
      ],
      ['What is the duration of a sector that is extended?', 'From the extension to the new end.'],
      ['What of sectors from before?', 'They keep their power until they are extended or updated.'],
      ['Does the cap of the termination fee follow?', 'No: the age that counts stays 140 days.'],
      ['Does the maximum phase in?', 'No: its final value holds from the start.'],
    ],
  },
]
