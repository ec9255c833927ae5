export {
  checkWritable,
  documentText,
  parseDocument,
  readBytes,
  readDocument,
  readJson,
  readText,
  writeAtomically,
} from './document.js';
export { type Complaint, complain, type ExitCode, NonnError, pathText, show } from './error.js';
export { readFolder } from './folder.js';
export { canonicalJson, hashData, sha256 } from './hash.js';
export { nearest } from './nearest.js';
export { quantity } from './quantity.js';
export { type RandomStream, randomStream } from './random.js';
export { residentPeak } from './resident-peak.js';
export { formatShare, formatUnit, parseUnit, type Quantity, siUnit } from './units.js';
