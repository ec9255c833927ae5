export type { Id, Kernel, Range } from './kernel.js';
export type { Work } from './work.js';
