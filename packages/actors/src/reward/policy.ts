/** Winners that an epoch is expected to have. Source: builtin-actors v18, `runtime/src/builtin/network.rs`. */
export const EXPECTED_LEADERS_PER_EPOCH = 5n
