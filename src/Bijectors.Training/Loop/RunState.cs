namespace Bijectors.Training;

/// <summary>How far a run is: what it counts, its times, and its history.</summary>
internal sealed class RunState(TimeProvider time) : ICheckpointed
{
    /// <summary>The wall time, validation included.</summary>
    public Clock Run { get; } = new(time);

    /// <summary>The time of updates.</summary>
    public Clock Training { get; } = new(time);

    /// <summary>The time of validations.</summary>
    public Clock Validating { get; } = new(time);

    /// <summary>One record for each epoch, or several.</summary>
    public List<EpochRecord> History { get; } = [];

    /// <summary>The current epoch, from 1; 0 before the first.</summary>
    public int Epoch { get; set; }

    /// <summary>The number of items in the records.</summary>
    public long Items { get; set; }

    /// <summary>The sum of losses since the last record, and the number of their items.</summary>
    public (double Loss, long Items) Stretch { get; set; }

    /// <summary>The latest validation; null before the first.</summary>
    public double? Validation { get; set; }

    /// <summary>Which of the validations that are spread over the run is next, from 1.</summary>
    public int ValidationsDue { get; set; } = 1;

    /// <summary>The mean loss since the last record.</summary>
    public double Loss => Stretch.Loss / Stretch.Items;

    public void Save(CheckpointState state)
    {
        state.Put("time", Run);
        state.Put("training", Training);
        state.Put("validating", Validating);
        state.Put("history", RecordJson.Write(History));
        state.Put("epoch", Epoch);
        state.Put("items", Items);
        state.Put("stretchLoss", Stretch.Loss);
        state.Put("stretchItems", Stretch.Items);
        state.Put("validationsDue", ValidationsDue);
        if (Validation is { } validation)
        {
            state.Put("validation", validation);
        }
    }

    public void Load(CheckpointState state)
    {
        state.Restore("time", Run);
        state.Restore("training", Training);
        state.Restore("validating", Validating);
        History.AddRange(RecordJson.ReadHistory(state.Text("history")));
        Epoch = (int)state.Whole("epoch");
        Items = state.Whole("items");
        Stretch = (state.Real("stretchLoss"), state.Whole("stretchItems"));
        ValidationsDue = (int)state.Whole("validationsDue");
        Validation = state.Has("validation") ? state.Real("validation") : null;
    }
}
