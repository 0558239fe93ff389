using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bijectors.Training;

/// <summary>
/// A callback that takes snapshots of a run and keeps them, as a <c>LayerProbe</c> of <c>Bijectors.Testing</c> takes
/// of the layers of a flow. As a part of a checkpoint (<see cref="Checkpoints.Parts"/>) it is resumed with the run.
/// </summary>
/// <typeparam name="T">A snapshot.</typeparam>
public sealed class Recording<T> : TrainingCallback, ICheckpointed
{
    private readonly Func<TrainingMoment, T> _take;
    private readonly JsonTypeInfo<T> _json;
    private readonly List<T> _values = [];
    private long _due;
    private TimeSpan _spent;

    /// <summary>A recording that is empty.</summary>
    /// <param name="take">Takes a snapshot. It must leave weights, modes and generators as they are, or the run depends
    /// on being recorded.</param>
    /// <param name="json">How a snapshot is written into a checkpoint, with all its digits.</param>
    public Recording(Func<TrainingMoment, T> take, JsonTypeInfo<T> json)
    {
        ArgumentNullException.ThrowIfNull(take);
        ArgumentNullException.ThrowIfNull(json);
        (_take, _json) = (take, json);
    }

    /// <summary>
    /// How many snapshots are spread evenly over the run, besides the first, each behind a record of the history; 0 to
    /// take one at every record.
    /// </summary>
    /// <exception cref="ArgumentException">The number is negative.</exception>
    public int Snapshots
    {
        get;
        init => field = value >= 0
            ? value : throw new ArgumentException($"Recording.Snapshots: expected 0 or more, got {value}.");
    }

    /// <summary>
    /// The largest share of the wall time that snapshots may take: while they have taken more, one is left out, but
    /// never the last of a run. Null for no limit; with one, which are left out depends on the machine's speed.
    /// </summary>
    /// <exception cref="ArgumentException">The share is not above 0 and at most 1.</exception>
    public double? Share
    {
        get;
        init => field = value is null or (> 0 and <= 1)
            ? value
            : throw new ArgumentException(
                $"Recording.Share: expected more than 0 and at most 1, or null, got {value}.");
    }

    /// <summary>The snapshots, in order.</summary>
    public IReadOnlyList<T> Values => _values;

    /// <inheritdoc/>
    public override void AfterValidation(TrainingMoment now)
    {
        ArgumentNullException.ThrowIfNull(now);
        var reached = (long)Math.Floor(now.Fraction * Snapshots + 1e-9);
        var isLast = now.Fraction >= 1;
        if (reached < _due || !(isLast || HasTime(now)))
        {
            return;
        }

        var since = Stopwatch.GetTimestamp();
        _values.Add(_take(now));
        _spent += Stopwatch.GetElapsedTime(since);
        _due = Snapshots == 0 ? 0 : reached + 1;
    }

    /// <inheritdoc/>
    public void Save(CheckpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Put("count", _values.Count);
        for (var i = 0; i < _values.Count; i++)
        {
            state.Put($"{i}", JsonSerializer.Serialize(_values[i], _json));
        }

        state.Put("due", _due);
        state.Put("ticks", _spent.Ticks);
    }

    /// <inheritdoc/>
    public void Load(CheckpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _values.Clear();
        for (var i = 0; i < state.Whole("count"); i++)
        {
            _values.Add(Read(state.Text($"{i}")));
        }

        (_due, _spent) = (state.Whole("due"), TimeSpan.FromTicks(state.Whole("ticks")));
    }

    private bool HasTime(TrainingMoment now) =>
        Share is not { } share || now.History.Count == 0 || _spent.TotalSeconds <= share * now.History[^1].Seconds;

    private T Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, _json)
                ?? throw new CheckpointException($"Recording: expected a snapshot of {typeof(T).Name}, got null.");
        }
        catch (JsonException exception)
        {
            throw new CheckpointException(
                $"Recording: expected a snapshot of {typeof(T).Name}, got other JSON; begin the run again.", exception);
        }
    }
}
