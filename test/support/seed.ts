import fc from 'fast-check';

// Continuous integration plays the same cases every time, so that a red run is the fault of its change; on a desk every
// run draws new ones, and what fails there is repeated by the seed that it prints.
if (process.env['CI'] !== undefined) fc.configureGlobal({ seed: 1 });
