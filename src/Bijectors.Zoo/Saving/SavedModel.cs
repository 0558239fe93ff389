using static TorchSharp.torch;

namespace Bijectors.Zoo;

/// <summary>
/// A trained flow with what is known of its training, as one <c>.safetensors</c> file: what <see cref="Flow.Save"/>
/// writes, and besides, as metadata, the model and its options where it is one of the zoo, what it was trained on, the
/// seed, and the names of columns.
/// </summary>
public sealed class SavedModel : IDisposable
{
    /// <summary>A flow of the zoo and where it comes from.</summary>
    /// <param name="model">The kind of model.</param>
    /// <param name="options">The options it was made with.</param>
    /// <param name="flow">The flow; the saved model owns it from now on.</param>
    /// <param name="data">What it was trained on, as on a command line: <c>digits</c>.</param>
    /// <param name="seed">The seed it was made and trained with.</param>
    public SavedModel(Model model, object options, Flow flow, string data = "", int seed = 0)
        : this(flow, data, seed) => (Model, Options) = (model, options);

    /// <summary>A flow of one's own and where it comes from.</summary>
    /// <param name="flow">The flow; the saved model owns it from now on.</param>
    /// <param name="data">What it was trained on, as on a command line: <c>digits</c>.</param>
    /// <param name="seed">The seed it was made and trained with.</param>
    public SavedModel(Flow flow, string data = "", int seed = 0) => (Flow, Data, Seed) = (flow, data, seed);

    /// <summary>The kind of model; null for a flow that is none of the zoo.</summary>
    public Model? Model { get; }

    /// <summary>
    /// The options it was made with, a value of <see cref="Model.OptionsType"/>; null for a flow that is
    /// none of the zoo.
    /// </summary>
    public object? Options { get; }

    /// <summary>The flow.</summary>
    public Flow Flow { get; }

    /// <summary>What to call it: the title of the model, or <c>Flow</c>.</summary>
    public string Title => Model?.Title ?? nameof(Flow);

    /// <summary>What it was trained on; empty where nobody said.</summary>
    public string Data { get; }

    /// <summary>The seed it was made and trained with.</summary>
    public int Seed { get; }

    /// <summary>The names of the columns of an item, where it was trained on a table with names.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The names of the columns of a context.</summary>
    public IReadOnlyList<string>? ContextColumns { get; init; }

    /// <summary>
    /// For each column of a context that holds categories their names; a context has a number for each, 1 of its own
    /// category and 0 of others. Null where no column does.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? ContextCategories { get; init; }

    /// <summary>The deviation of the Gaussian noise that it was trained with, in the unit of its items (levels, where
    /// it has levels); 0 for none. <see cref="Distribution.Denoised"/> takes it off.</summary>
    public double Noise { get; init; }

    /// <summary>How it was trained, as options of a command line, such as <c>--epochs 50 --learning-rate 0.005</c>;
    /// empty where nobody said.</summary>
    public string Training { get; init; } = "";

    /// <summary>
    /// Log-densities of items that it was not trained on, in nats and in rising order, by which one says how usual
    /// another item is; null where nobody measured them.
    /// </summary>
    public IReadOnlyList<double>? LogDensities { get; init; }

    /// <summary>
    /// The mean of the items that it was trained on, entry by entry in row-major order, as a point to compare others
    /// with; null where nobody said.
    /// </summary>
    public IReadOnlyList<double>? Center { get; init; }

    /// <summary>The version of this library.</summary>
    public static string LibraryVersion => FlowFile.LibraryVersion;

    /// <summary>Writes the file aside and renames it when it is whole.</summary>
    /// <param name="path">The file; one that exists is replaced, where the path is a link, what it leads to.</param>
    /// <exception cref="SavedModelException">The file cannot be written, a weight is NaN or infinite, or the flow is a
    /// frozen copy or has a piece of a class that is not registered.</exception>
    public void Save(string path) =>
        FlowFile.Write(
            path,
            Flow,
            new SavedModelNotes(
                Model, Options, Data, Seed, Columns, ContextColumns, ContextCategories, Noise, Training, LogDensities,
                Center).Write());

    /// <summary>Makes the flow of a file again, on the CPU.</summary>
    /// <param name="path">A file that <see cref="Save"/> or <see cref="Flow.Save"/> has written, now or in an earlier
    /// version.</param>
    /// <exception cref="SavedModelException">
    /// The file is missing, cut short or damaged, is no saved model, names a class that is not registered or a larger
    /// flow than it holds, or its tensors do not fit the flow.
    /// </exception>
    public static SavedModel Load(string path)
    {
        var (tensors, metadata) = SafeTensors.Read(path);
        try
        {
            return Read(path, tensors, metadata);
        }
        finally
        {
            SafeTensors.Dispose(tensors);
        }
    }

    /// <summary>Disposes the flow.</summary>
    public void Dispose() => Flow.Dispose();

    private static SavedModel Read(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        if (FirstFormat.IsThatOf(metadata))
        {
            var said = SavedModelNotes.Read(path, metadata);
            return Of(FirstFormat.Read(path, tensors, metadata, said), said);
        }

        var flow = FlowFile.Read(path, tensors, metadata);
        try
        {
            return Of(flow, SavedModelNotes.Read(path, metadata));
        }
        catch
        {
            flow.Dispose();
            throw;
        }
    }

    private static SavedModel Of(Flow flow, SavedModelNotes notes) => notes.Model is null
        ? new(flow, notes.Data, notes.Seed)
        {
            Columns = notes.Columns,
            ContextColumns = notes.ContextColumns,
            ContextCategories = notes.ContextCategories,
            Noise = notes.Noise,
            Training = notes.Training,
            LogDensities = notes.LogDensities,
            Center = notes.Center,
        }
        : new(notes.Model, notes.Options!, flow, notes.Data, notes.Seed)
        {
            Columns = notes.Columns,
            ContextColumns = notes.ContextColumns,
            ContextCategories = notes.ContextCategories,
            Noise = notes.Noise,
            Training = notes.Training,
            LogDensities = notes.LogDensities,
            Center = notes.Center,
        };
}
