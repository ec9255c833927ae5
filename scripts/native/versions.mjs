/** What is installed: the package, and the TensorFlow whose libraries its binding is linked with. */
export const versions = { tfjs: '4.22.0', tensorflow: '2.15.1' };
