import { delimiter, dirname } from 'node:path';
import { tool } from '../steps.mjs';
import { packageFolder } from './package.mjs';
import { reasonOf, tell } from './tell.mjs';

/** Where no download is possible this fails at once or hangs; 100 MB take no longer on a line that is worth it. */
const MOST_SECONDS = 240;

/** Runs the package's own install script. @returns what went wrong, if anything did. */
export async function vendorInstall() {
  try {
    const PATH = `${dirname(tool('node-pre-gyp'))}${delimiter}${process.env.PATH}`;
    await tell(process.execPath, ['scripts/install.js'], packageFolder, {
      env: { PATH },
      seconds: MOST_SECONDS,
    });
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
