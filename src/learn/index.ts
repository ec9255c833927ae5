export * from './data/index.js';
export * from './experiment/index.js';
