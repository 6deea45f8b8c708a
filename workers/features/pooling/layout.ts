/** Numbers that the pooling kernel and its callers share. */

/** Threads of a workgroup: each sums one dimension of a descriptor at a time. */
export const POOLING_WORKGROUP = 128;

/** `Parameters` of the kernel. */
export const POOLING_PARAMETERS = { masks: "u32", dimensions: "u32" } as const;
