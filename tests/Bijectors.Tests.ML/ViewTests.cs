using Bijectors.Data;
using Bijectors.ML;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Bijectors.Tests.ML;

/// <summary>Tables from and to ML.NET.</summary>
public sealed class ViewTests
{
    private static readonly string?[] s_cities = ["Rome", "Berlin", null, "Rome"];

    private static Table People => new(
        new TableSeries("age", [31.1, double.NaN, 47, 52]), new TableSeries("city", s_cities));

    [Fact]
    public void A_table_comes_back_from_a_view()
    {
        var view = People.ToDataView(NumberDataViewType.Double);
        Assert.Equal(4, view.GetRowCount());
        Assert.Equal(["age", "city"], view.Schema.Select(column => column.Name));
        var back = view.ReadTable();
        Assert.Equal(People["age"].Numbers!, back["age"].Numbers!);
        Assert.Equal(s_cities, back["city"].Texts!);
        Assert.Equal(
            [31.1f, double.NaN, 47, 52], People.ToDataView().ReadTable(["age"])["age"].Numbers!);
        Assert.Equal(
            "ToDataView: expected numbers as Single or Double, got Int32.",
            Message(() => People.ToDataView(NumberDataViewType.Int32)));
    }

    [Fact]
    public void A_view_reads_what_it_is_asked_for()
    {
        var view = People.ToDataView();
        using var cursor = view.GetRowCursor([view.Schema["age"]]);
        Assert.True(cursor.IsColumnActive(view.Schema["age"]));
        Assert.Contains("that was asked for, got 'city'", Assert.Throws<InvalidOperationException>(
            () => cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["city"])).Message);
        Assert.Contains(
            "a getter of Single for column 'age', got one of Double",
            Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(view.Schema["age"])).Message);
        var (get, value) = (cursor.GetGetter<float>(view.Schema["age"]), 0f);
        Assert.Contains("call MoveNext first", Assert.Throws<InvalidOperationException>(() => get(ref value)).Message);
        Assert.True(cursor.MoveNext());
        get(ref value);
        Assert.Equal((31.1f, 0L), (value, cursor.Position));

        // All rows once, in another order, and the same from each getter.
        var table = new Table(new TableSeries("x", [.. Enumerable.Range(0, 100).Select(i => (double)i)]));
        var shuffled = new MLContext(seed: 1).Data.ShuffleRows(table.ToDataView(), seed: 1).ReadTable()["x"].Numbers!;
        Assert.NotEqual(table["x"].Numbers!, shuffled);
        Assert.Equal(table["x"].Numbers!, shuffled.Order());
    }

    [Fact]
    public void A_pipeline_is_trained_on_a_table_and_what_it_gives_is_one()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 200)
            .Select(i => (X: random.NextDouble(), City: i % 2 == 0 ? "Rome" : "Berlin")).ToList();
        var table = new Table(
            new TableSeries("x", [.. rows.Select(row => row.X)]),
            new TableSeries("city", (IReadOnlyList<string?>)[.. rows.Select(row => row.City)]),
            new TableSeries("y", [.. rows.Select(row => (3 * row.X) + (row.City == "Rome" ? 1.0 : 0))]));
        var context = new MLContext(seed: 1);
        var view = table.ToDataView();
        var model = context.Transforms.Categorical.OneHotEncoding("code", "city")
            .Append(context.Transforms.Conversion.MapValueToKey("key", "city"))
            .Append(context.Transforms.Concatenate("Features", "x", "code"))
            .Append(context.Regression.Trainers.Sdca("y", "Features"))
            .Fit(view);
        var result = model.Transform(view).ReadTable(["Score", "key", "code", "Features"]);
        Assert.Equal(200, result.Rows);
        Assert.Equal(rows.Select(row => row.City), result["key"].Texts!);
        Assert.Equal(
            ["Score", "key", "code.Rome", "code.Berlin", "Features.x", "Features.code.Rome", "Features.code.Berlin"],
            result.Columns.Select(column => column.Name));
        Assert.All(
            rows.Zip(result["code.Rome"].Numbers!),
            pair => Assert.Equal(pair.First.City == "Rome" ? 1 : 0, pair.Second));
        Assert.All(
            table["y"].Numbers!.Zip(result["Score"].Numbers!),
            pair => Assert.InRange(pair.Second - pair.First, -0.3, 0.3));

        // And what it gives is data to train a flow on.
        using var data = Datasets.FromTable("scores", result, ["Score", "key"]);
        Assert.Equal(["Berlin", "Rome"], data.Schema![1].Categories!);
    }

    [Fact]
    public void All_numbers_of_a_view_are_numbers()
    {
        var view = new MLContext().Data.LoadFromEnumerable(
            [new Row { Text = "a" }, new Row { Text = "", Truth = true }]);
        var table = view.ReadTable(
            [
                "Int8", "UInt8", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Half", "Vector", "Truth",
                "Text",
            ]);
        Assert.Equal(14, table.Columns.Count);
        Assert.All(table.Columns.Take(9), column => Assert.Equal([7, 7], column.Numbers!));
        Assert.Equal(["Vector.0", "Vector.1", "Vector.2"], table.Columns.Skip(9).Take(3).Select(column => column.Name));
        Assert.Equal([2, 2], table["Vector.1"].Numbers!);
        Assert.Equal([0, 1], table["Truth"].Numbers!);
        Assert.Equal(["a", null], table["Text"].Texts!);
        Assert.Equal(
            "IDataView: expected numbers, texts or a vector of numbers in column 'When', got DateTime; "
            + "leave the column out: name the others.",
            Message(() => view.ReadTable()));
        Assert.Contains("got 'x'", Message(() => view.ReadTable(["x"])));
    }

    [Fact]
    public void A_table_comes_back_from_a_frame()
    {
        var frame = People.ToDataFrame();
        Assert.Equal((4, 1, 1), (frame.Rows.Count, frame["age"].NullCount, frame["city"].NullCount));
        var back = frame.ReadTable();
        Assert.Equal(People["age"].Numbers!, back["age"].Numbers!);
        Assert.Equal(s_cities, back["city"].Texts!);
        Assert.Contains("one of the columns age, city, got 'x'", Message(() => frame.ReadTable(["x"])));
    }

    [Fact]
    public void All_numbers_of_a_frame_are_numbers()
    {
        var frame = new DataFrame(
            new Int32DataFrameColumn("i", [1, null, 3]), new BooleanDataFrameColumn("b", [true, false, null]),
            new DecimalDataFrameColumn("d", [1.5m, 2, 3]), new UInt64DataFrameColumn("u", [1, 2, 3]),
            new DateTimeDataFrameColumn("t", [DateTime.UnixEpoch, null, null]));
        var table = frame.ReadTable(["i", "b", "d", "u"]);
        Assert.Equal([1, double.NaN, 3], table["i"].Numbers!);
        Assert.Equal([1, 0, double.NaN], table["b"].Numbers!);
        Assert.Equal([1.5, 2, 3], table["d"].Numbers!);
        Assert.Equal([1, 2, 3], table["u"].Numbers!);
        Assert.Equal(
            "DataFrame: expected numbers or texts in column 't', got DateTime; leave the column out: name the others.",
            Message(() => frame.ReadTable()));
    }

    private static string Message(Action action) => Assert.Throws<DataException>(action).Message;

    private sealed class Row
    {
        public sbyte Int8 { get; set; } = 7;

        public byte UInt8 { get; set; } = 7;

        public short Int16 { get; set; } = 7;

        public ushort UInt16 { get; set; } = 7;

        public int Int32 { get; set; } = 7;

        public uint UInt32 { get; set; } = 7;

        public long Int64 { get; set; } = 7;

        public ulong UInt64 { get; set; } = 7;

        public float Half { get; set; } = 7;

        [VectorType(3)]
        public double[] Vector { get; set; } = [1, 2, 3];

        public bool Truth { get; set; }

        public string Text { get; set; } = "";

        public DateTime When { get; set; } = DateTime.UnixEpoch;
    }
}
