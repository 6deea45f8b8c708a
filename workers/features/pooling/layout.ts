/** Numbers that the pooling kernel and its callers share. */

/** Threads of a workgroup: each owns one dimension of a descriptor at a time. */
export const POOLING_WORKGROUP = 128;

/** Bytes of the kernel's `Parameters`: masks, dimensions (u32 each), padded to 16. */
export const POOLING_PARAMETERS_BYTES = 16;

/** Index in `Parameters`, in 32-bit words. */
export const POOLING_PARAMETERS = { masks: 0, dimensions: 1 } as const;
