export type Frame = { kind: string; [key: string]: unknown };

/** The frames of an event stream as they come; leaving the loop closes it. */
export async function* readFrames(response: Response): AsyncGenerator<Frame> {
  let text = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data) yield JSON.parse(data).json;
    }
  }
}

/** The next frame that fits. @throws when the stream ends before */
export async function readUntil(
  frames: AsyncGenerator<Frame>,
  fits: (frame: Frame) => boolean,
): Promise<Frame> {
  for (;;) {
    const { value, done } = await frames.next();
    if (done) throw new Error('the stream ended');
    if (fits(value)) return value;
  }
}
