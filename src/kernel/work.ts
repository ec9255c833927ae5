import type { Kernel } from './kernel.js';

/** What a task does. All of it occupies the processor of its device. */
export type Work =
  | { readonly kind: 'kernels'; readonly kernels: readonly Kernel[] }
  | { readonly kind: 'flops'; readonly flops: number }
  | { readonly kind: 'encode' | 'decode'; readonly bytes: number };
