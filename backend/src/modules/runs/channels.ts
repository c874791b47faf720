/** Notification channels; the payload is the uuid of a run, or several joined by commas. */
export const chunkChannel = 'rapt_chunks';
export const stopChannel = 'rapt_stop';
