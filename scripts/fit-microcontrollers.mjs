/*
 * Fits the latency of all microcontroller profiles at once to MLPerf Tiny's published results, and writes it into them.
 *
 *   npm run fit-microcontrollers                     from the committed table alone
 *   npm run fit-microcontrollers -- FILE             makes the table anew first, from rows such as those of
 *                                                    ../shared/reference/power/mlperf-tiny.json
 *
 * Prints the table of left-out errors, and writes it to docs/microcontrollers.md. The same input gives the same bytes.
 */
import {
  fitMicrocontrollerTable,
  microcontrollerFigures,
  microcontrollerTableSchema,
} from '../dist/device/index.js';
import { readDocument, writeAtomically } from '../dist/foundation/index.js';
import { changeProfile, tableFile, writeErrors } from './fit-profiles.mjs';
import { errorTable } from './microcontroller-errors.mjs';
import { makeTable, tableText } from './microcontroller-table.mjs';

/** Profiles, and the run of the table that each is of. */
const profiles = {
  'nucleo-l4r5zi': 'v1.2 STMicroelectronics NUCLEO_L4R5ZI',
  'nucleo-l4r5zi-p': 'v1.3 STMicroelectronics NUCLEO_L4R5ZI-P',
  'nucleo-u575zi-q': 'v1.2 STMicroelectronics NUCLEO_U575ZI_Q',
  'nucleo-u385rg-q': 'v1.3 STMicroelectronics NUCLEO_U385RG_Q',
  'nucleo-h7a3zi-q': 'v1.2 STMicroelectronics NUCLEO_H7A3ZI_Q',
  'disco-f746ng': 'v1.1 plumerai DISCO-F746NG',
  'nrf5340-dk': 'v1.0 OctoML microtvm_cmsis_nn/NRF5340-DK',
  'nucleo-g0b1re': 'v1.2 bosch NUCLEO_G0B1RE_int8',
  'xg24-dk2601b': 'v1.0 silicon_labs silicon_labs_xG24_DK2601B',
  'ek-ra6m4': 'v0.7 renesas EK-RA6M4',
  'cy8cproto-062-4343w': 'v1.1 plumerai CY8CPROTO-062-4343W',
  'numaker-m467hj': 'v1.1 Nuvoton NUMAKER_M467HJ-zephyr',
};

const published = process.argv[2];
const file = tableFile('mlperf-tiny.json');
if (published !== undefined) writeAtomically(file, tableText(makeTable(published)));
const fits = fitMicrocontrollerTable(readDocument(file, microcontrollerTableSchema));
for (const [name, run] of Object.entries(profiles))
  changeProfile(name, ({ energy }) => figuresOf(energy, run));
writeErrors('microcontrollers.md', errorTable(fits, profiles));

/** What of a profile follows from the table. */
function figuresOf(energy, run) {
  const { base, fit, copying, power } = microcontrollerFigures(fits, run);
  const coding = {
    bandwidth: copying,
    overhead: { unknown: 'nobody published what a message costs beside its bytes' },
  };
  const compute = {
    1: power ?? { unknown: `MLPerf Tiny has no energy run of this board with this software (${run})` },
  };
  return {
    latency: { base: { 1: base }, fit: { 1: fit }, encode: coding, decode: coding },
    energy: { ...energy, compute },
  };
}
