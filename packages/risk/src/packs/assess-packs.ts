import { assessCustom, type CustomRules } from './custom.ts'
import { assessFilliquid, type FilliquidParameters } from './filliquid.ts'
import { assessFilus, type FilusParameters } from './filus.ts'
import { assessGlif, type GlifParameters } from './glif.ts'
import { assessRepl, type ReplParameters } from './repl.ts'
import type { PackFigures, PackSubject } from './rule-pack.ts'
import { assessStfil, type StfilParameters } from './stfil.ts'

/** What neither the state nor a protocol's publications say, by pack. */
export interface PackParameters {
  readonly repl: ReplParameters
  readonly glif: GlifParameters
  readonly stfil: StfilParameters
  readonly filliquid: FilliquidParameters
  readonly filus: FilusParameters
  readonly custom: readonly CustomRules[]
}

/** Nothing given: every figure that needs a parameter says which. */
export const NO_PACK_PARAMETERS: PackParameters = {
  repl: {},
  glif: {},
  stfil: {},
  filliquid: {},
  filus: {},
  custom: [],
}

/** The same miner by the rules of every pack, in a fixed order. */
export function assessPacks(subject: PackSubject, parameters: PackParameters): readonly PackFigures[] {
  return [
    assessRepl(subject, parameters.repl),
    assessGlif(subject, parameters.glif),
    assessStfil(subject, parameters.stfil),
    assessFilliquid(subject, parameters.filliquid),
    assessFilus(subject, parameters.filus),
    ...parameters.custom.map((rules) => assessCustom(subject, rules)),
  ]
}
