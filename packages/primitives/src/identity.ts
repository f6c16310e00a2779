declare const unit: unique symbol
declare const identity: unique symbol

/**
 * A number that carries its unit as documentation: a plain `T` is accepted, another unit is refused.
 *
 * Arithmetic on bigints loses the unit, so adding two units is not caught; variables are named by unit.
 */
export type Quantity<T, U extends string> = T & { readonly [unit]?: U }

/** A value that only its constructor function makes: a plain `T` is refused. */
export type Identity<T, N extends string> = T & { readonly [identity]: N }
