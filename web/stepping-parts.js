// What stepping needs and the first run does not, as one chunk: the model of a recorded run, its panel, the stepper.

export { beginRecording } from './trace/recording.js';
export { createStepper } from './panels/stepper.js';
export { createTracePanel } from './panels/trace.js';
