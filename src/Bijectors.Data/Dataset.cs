using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// Items for training, validation and test, as float32 tensors whose first dimension counts the items. Pixels keep
/// their raw values <c>0..Levels - 1</c>: dequantization and scaling belong to the flow, which knows their log-dets.
/// </summary>
public sealed class Dataset : IDisposable
{
    private readonly long[] _itemShape;

    /// <summary>
    /// A data set of tensors that are already split. It takes the tensors over: they leave any dispose scope and are
    /// disposed with the data set.
    /// </summary>
    /// <param name="name">What the set is called in messages and reports.</param>
    /// <param name="levels">
    /// The number of values of a pixel, which then holds an integer <c>0..levels - 1</c>; null for continuous values.
    /// </param>
    /// <param name="train">The items to train on, float32 <c>(N, ...)</c>, at least one.</param>
    /// <param name="validation">The items to choose by, float32 <c>(V, ...)</c>; V may be 0.</param>
    /// <param name="test">The items to report on, float32 <c>(T, ...)</c>; T may be 0.</param>
    /// <param name="trainLabels">
    /// The classes of the training items, int64 <c>(N)</c>; null where there are none.
    /// </param>
    /// <param name="validationLabels">The classes of the validation items, int64 <c>(V)</c>.</param>
    /// <param name="testLabels">The classes of the test items, int64 <c>(T)</c>.</param>
    /// <param name="context">What the items are given; null where there is nothing. It is taken over as well.</param>
    /// <param name="columns">
    /// The names of the columns of items <c>(d)</c>, all of numbers; null where they have none, or a schema.
    /// </param>
    /// <param name="schema">
    /// The columns of items <c>(d)</c>, where some hold categories or may be missing; null where
    /// <paramref name="columns"/> say it.
    /// </param>
    /// <exception cref="DataException">
    /// There is nothing to train on, item shapes or dtypes differ, a value is not finite (NaN in a column that may be
    /// missing is), no level or no code of its column; labels, contexts, names or columns do not match the items. The
    /// tensors are then still the caller's.
    /// </exception>
    public Dataset(
        string name,
        int? levels,
        Tensor train,
        Tensor validation,
        Tensor test,
        Tensor? trainLabels = null,
        Tensor? validationLabels = null,
        Tensor? testLabels = null,
        DatasetContext? context = null,
        IReadOnlyList<string>? columns = null,
        IReadOnlyList<TableColumn>? schema = null)
    {
        schema ??= TableColumn.OfNames(columns);
        DatasetCheck.Parts(name, train, validation, test);
        DatasetCheck.Labels(name, (train, trainLabels), (validation, validationLabels), (test, testLabels));
        DatasetCheck.Columns(name, train, schema, columns);
        DatasetCheck.Values(name, levels, schema, train, validation, test);
        context?.Check(name, train, validation, test);

        Name = name;
        Levels = levels;
        _itemShape = train.shape[1..];
        Train = train.DetachFromDisposeScope();
        Validation = validation.DetachFromDisposeScope();
        Test = test.DetachFromDisposeScope();
        TrainLabels = trainLabels?.DetachFromDisposeScope();
        ValidationLabels = validationLabels?.DetachFromDisposeScope();
        TestLabels = testLabels?.DetachFromDisposeScope();
        Context = context?.Detached();
        Schema = schema;
        Columns = schema is null ? null : [.. schema.Select(column => column.Name)];
    }

    /// <summary>What the set is called in messages and reports.</summary>
    public string Name { get; }

    /// <summary>
    /// The shape of one item: <c>(channels, height, width)</c> of an image, <c>(d)</c> of a vector. A fresh copy.
    /// </summary>
    public long[] ItemShape => [.. _itemShape];

    /// <summary>The number of values of a pixel (17 for digits, 256 for bytes); null for continuous values.</summary>
    public int? Levels { get; }

    /// <summary>The items to train on, float32 <c>(N, ...)</c>.</summary>
    public Tensor Train { get; }

    /// <summary>The items to choose by (early stopping, hyperparameters), float32 <c>(V, ...)</c>.</summary>
    public Tensor Validation { get; }

    /// <summary>The items to report on, float32 <c>(T, ...)</c>.</summary>
    public Tensor Test { get; }

    /// <summary>The classes of the training items, int64 <c>(N)</c>; null where the set has none.</summary>
    public Tensor? TrainLabels { get; }

    /// <summary>The classes of the validation items, int64 <c>(V)</c>; null where the set has none.</summary>
    public Tensor? ValidationLabels { get; }

    /// <summary>The classes of the test items, int64 <c>(T)</c>; null where the set has none.</summary>
    public Tensor? TestLabels { get; }

    /// <summary>
    /// What the items are given, as columns of a table or one-hot labels; null where there is nothing.
    /// </summary>
    public DatasetContext? Context { get; }

    /// <summary>What is odd about the data, a sentence each; none as a rule.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The names of the columns of an item; null where they have none.</summary>
    public IReadOnlyList<string>? Columns { get; }

    /// <summary>
    /// What the columns of an item hold, one for each of <see cref="Columns"/>; null where items are no rows of a
    /// table with names, categories or empty cells. NaN stands in columns that may be missing alone, and a column of
    /// categories holds whole numbers from 0.
    /// </summary>
    public IReadOnlyList<TableColumn>? Schema { get; }

    /// <summary>For the place of each column of categories in an item their names, in the order of codes; empty where
    /// there is none.</summary>
    public IReadOnlyDictionary<long, IReadOnlyList<string>> Categories =>
        (Schema ?? []).Select((column, place) => (column.Categories, Place: (long)place))
            .Where(column => column.Categories is not null)
            .ToDictionary(column => column.Place, column => column.Categories!);

    /// <summary>The places of the columns in an item of which numbers may be missing (NaN); empty where there is
    /// none.</summary>
    public IReadOnlyList<long> MissingColumns =>
    [
        .. (Schema ?? []).Select((column, place) => (column.MayBeMissing, Place: (long)place))
            .Where(column => column.MayBeMissing).Select(column => column.Place),
    ];

    /// <summary>
    /// The name, the sizes and the shape of an item: <c>digits: 1297 + 250 + 250 items (1, 8, 8), 17 levels</c>.
    /// </summary>
    public override string ToString()
        => $"{Name}: {Train.shape[0]} + {Validation.shape[0]} + {Test.shape[0]} items {ShapeText.Of(_itemShape)}, "
            + (Levels is { } levels ? $"{levels} levels" : "continuous")
            + (Context is { } context ? $", given {ShapeText.Of(context.Shape)}" : "");

    /// <summary>Disposes the tensors.</summary>
    public void Dispose()
    {
        Tensor?[] all = [Train, Validation, Test, TrainLabels, ValidationLabels, TestLabels];
        foreach (var tensor in all)
        {
            tensor?.Dispose();
        }

        Context?.Dispose();
    }
}
