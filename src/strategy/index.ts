export type { Tiling } from '../kernel/index.js';
export { planDeepThings } from './deepthings.js';
export type { FeatureSize } from './feature-size.js';
export { planHorizontal } from './horizontal.js';
export { type JointNetwork, joinStudents, lastMapFilters } from './joint-network.js';
export { planNonn } from './nonn.js';
export type { Setting, Strategised } from './setting.js';
export { planSingle } from './single.js';
export { featuresOfTeacher, type TeacherFeatures } from './teacher-features.js';
