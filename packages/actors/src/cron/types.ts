/** Source: builtin-actors v18, `actors/cron/src/lib.rs`, `Method`. */
export const EPOCH_TICK_METHOD = 2
