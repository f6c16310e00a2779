import fc from 'fast-check'

/**
 * The seed is part of a property's name, by which Stryker finds the tests that reach a mutant; and a mutant that one run kills
 * is to be killed by the next. Nobody reads the counterexample, so none is shrunk.
 */
fc.configureGlobal({ seed: 1, endOnFailure: true })
