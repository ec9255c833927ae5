export { familiesOf, type StudentFamily, studentFamilies } from './families.js';
export { largestStudent, type StudentBudget, type StudentRequest, studentsOf } from './largest-student.js';
export { type StudentCost, studentCost, studentNetwork } from './student-cost.js';
