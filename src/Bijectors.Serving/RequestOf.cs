namespace Bijectors.Serving;

/// <summary>A request for an answer of some type.</summary>
internal abstract class Request<TAnswer>(int rows, double[]? contexts, int seed) : Request(rows, contexts, seed)
{
    // Who waits must not run on the thread that runs batches.
    private readonly TaskCompletionSource<TAnswer> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool IsOver => _answer.Task.IsCompleted;

    public override void Fail(Exception exception) => _answer.TrySetException(exception);

    /// <summary>Gives the answer, unless it was cancelled meanwhile.</summary>
    public void Answer(TAnswer answer) => _answer.TrySetResult(answer);

    /// <summary>The answer; where the token is cancelled first, whoever waits continues at once.</summary>
    public async Task<TAnswer> WaitAsync(CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(
            (state, token) => ((TaskCompletionSource<TAnswer>)state!).TrySetCanceled(token), _answer)
            .ConfigureAwait(false);
        return await _answer.Task.ConfigureAwait(false);
    }
}
