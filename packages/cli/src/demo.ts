import { fileURLToPath } from 'node:url'

/** The state that a command reads when none is given; fixtures/README.md says where it comes from. */
export const DEMO_STATE = fileURLToPath(
  new URL('../../../fixtures/proposals/terminateSectors2/queue.final.car.gz', import.meta.url),
)
