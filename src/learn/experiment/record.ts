import { join } from 'node:path';
import { documentText, writeAtomically } from '../../foundation/index.js';
import { RECORD_FILE, type StageRecord } from '../../scenario/index.js';

export {
  PARTITION_FILE,
  PREDICTIONS_FILE,
  partitionFile,
  RECORD_FILE,
  readRecord,
  type StageRecord,
  WEIGHTS_FILE,
} from '../../scenario/index.js';

export function writeRecord(folder: string, record: StageRecord): void {
  writeAtomically(join(folder, RECORD_FILE), documentText(record));
}
