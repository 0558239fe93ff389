using System.Text.Json.Nodes;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Saving;

public sealed class FlowFileTests : IDisposable
{
    private static readonly Shape s_two = Shape.Vector(2);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("bijectors-").FullName;

    static FlowFileTests()
    {
        SavedPieces.Register<Line>("tests.line");
        SavedPieces.Register<Told>(
            "tests.told", (f, to) => to.Add("number", f.Written), from => new(from.Get<double>("number")));
    }

    private string File => Path.Combine(_folder, "m.safetensors");

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_flow_of_any_layers_comes_back(ScalarType dtype)
    {
        using var flow = Declared();
        flow.to(dtype);
        flow.Save(File);
        using var loaded = Flow.Load(File);
        Assert.Equal(flow.Describe(), loaded.Describe());
        Assert.Equal(flow.state_dict().Keys, loaded.state_dict().Keys);
        var (x, context) =
            (randn(7, 2, dtype, generator: new Generator(1)), randn(7, 3, dtype, generator: new Generator(2)));
        Assert.True(flow.LogProb(x, context).Equals(loaded.LogProb(x, context)));
        Assert.True(flow.Sample(7, context, new Generator(3)).Equals(loaded.Sample(7, context, new Generator(3))));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_loaded_flow_is_trained_reversed_and_frozen_as_any_other()
    {
        Declared().Save(File);
        using var loaded = Flow.Load(File);
        var (x, context) = (randn(7, 2, generator: new Generator(1)), randn(7, 3, generator: new Generator(2)));
        loaded.Reversible().LogProb(x, context).sum().backward();
        Assert.All(loaded.parameters(), parameter => Assert.NotNull(parameter.grad));
        using var frozen = loaded.Frozen();
        Assert.True(frozen.LogProb(x, context).allclose(loaded.LogProb(x, context), 1e-3, 1e-3));
    }

    [Fact]
    public void A_flow_of_whole_numbers_and_one_with_a_bound_come_back()
    {
        using var levels = Flow.On(s_two).Dequantize(8).AffineCoupling(4).Into(Distribution.StandardNormal);
        levels.Save(File);
        using (var loaded = Flow.Load(File))
        {
            Assert.Equal(8, loaded.Levels);
        }

        using var bound = Flow.On(s_two).Then(new VariationalDequantization(8, Unit()))
            .Then(new Scale(1.0 / 8)).Then(new Logit()).AffineCoupling(4).Into(Distribution.StandardNormal);
        bound.Save(File);
        using var again = Flow.Load(File);
        var x = tensor(new[] { 0f, 3, 7, 2 }).reshape(2, 2);
        Assert.False(again.HasExactLogProb);
        Assert.True(
            bound.LowerBound(x, null, 3, new Generator(1)).Equals(again.LowerBound(x, null, 3, new Generator(1))));

        static Flow Unit() =>
            Flow.On(s_two, seed: 1).Then(new Logit()).AffineCoupling(4).Into(Distribution.StandardNormal);
    }

    [Fact]
    public void A_flow_whose_base_estimates_its_density_comes_back()
    {
        var estimator = new LogDetEstimator(new Generator(5));
        using var inner = new Flow(
            s_two, new ResidualLayer(new LipschitzMlp(2, 6, 1, new Generator(1)), estimator),
            Distribution.StandardNormal);
        using var flow = new Flow(s_two, new Reverse(), inner);
        flow.Save(File);
        using var loaded = Flow.Load(File);
        Assert.True(loaded.HasEstimatedLogProb);
    }

    [Fact]
    public void A_layer_that_is_used_twice_stays_one()
    {
        var shared = new AffineCoupling(new ResidualMlp(1, 2, 4, 1, new Generator(1)));
        using var flow = new Flow(s_two, shared >> new Reverse() >> shared, Distribution.StandardNormal);
        flow.Save(File);
        using var loaded = Flow.Load(File);
        var layers = ((Chain)loaded.Transform).Layers;
        Assert.Same(layers[0], layers[2]);
    }

    [Fact]
    public void Classes_of_ones_own_are_written_by_their_constructor_or_by_functions()
    {
        using var flow = Own();
        flow.Save(File);
        using var loaded = Flow.Load(File);
        Assert.Equal("Line(-0.5, Bent, 2) >> Told", loaded.Transform.ToString());
        Assert.Equal(["a", "b"], ((Line)((Chain)loaded.Transform).Layers[0]).Notes);
        var x = randn(3, 2, generator: new Generator(1));
        Assert.True(flow.LogProb(x).Equals(loaded.LogProb(x)));
    }

    [Fact]
    public void A_class_that_computes_another_map_than_when_it_was_saved_is_noticed()
    {
        Own().Save(File);
        Told.Error = 0.125;
        try
        {
            Assert.Contains("expected the flow to give the latents that it gave when it was saved", Failure());
        }
        finally
        {
            Told.Error = 0;
        }

        Flow.Load(File).Dispose();
    }

    [Fact]
    public void A_class_that_nobody_registered_is_named()
    {
        using var flow = new Flow(s_two, new Sketched(), Distribution.StandardNormal);
        var message = Assert.Throws<SavedModelException>(() => flow.Save(File)).Message;
        Assert.Contains(
            "got Bijectors.Tests.Saving.FlowFileTests+Sketched; call SavedPieces.Register for it.", message);
        Assert.Empty(Directory.GetFiles(_folder));

        Own().Save(File);
        Edit(json => json["transform"]!["layers"]![0]!["$type"] = "tests.unknown");
        Assert.Contains(
            "expected registered pieces, got 'tests.unknown'; call SavedPieces.Register for it before loading",
            Failure());
    }

    [Fact]
    public void A_class_without_a_constructor_of_its_members_and_a_name_that_is_taken_are_refused()
    {
        var none = Assert.Throws<ArgumentException>(() => SavedPieces.Register<Secretive>("tests.secretive")).Message;
        Assert.Contains(
            "expected Secretive to have a public constructor whose parameters are properties or fields", none);
        Assert.Contains("got none for 'number'", none);
        Assert.Contains(
            "got 'Chain', which is Bijectors.Chain",
            Assert.Throws<ArgumentException>(() => SavedPieces.Register<Sketched>("Chain")).Message);
        Assert.Contains(
            "got Exp, which is 'Exp' in files",
            Assert.Throws<ArgumentException>(() => SavedPieces.Register<Exp>("other")).Message);
    }

    [Fact]
    public void A_frozen_copy_is_not_saved()
    {
        using var frozen = Declared().Frozen();
        Assert.True(frozen.IsFrozen);
        var message = Assert.Throws<SavedModelException>(() => frozen.Save(File)).Message;
        Assert.Contains("save the flow, and freeze it after loading.", message);
    }

    [Fact]
    public void A_changed_bit_anywhere_is_noticed()
    {
        Declared().Save(File);
        var whole = System.IO.File.ReadAllBytes(File);
        for (var i = 8; i < whole.Length; i += 97)
        {
            var bytes = whole.ToArray();
            bytes[i] ^= 1;
            System.IO.File.WriteAllBytes(File, bytes);
            Assert.StartsWith(File, Failure());
        }
    }

    [Theory]
    [InlineData(1.0, "zeros")]
    [InlineData(-1.0, "another sign")]
    public void Weights_that_were_changed_by_hand_are_noticed_by_what_the_flow_gives(double sign, string what)
    {
        Assert.NotEmpty(what);
        Declared().Save(File);
        Write((tensors, _) =>
        {
            foreach (var (name, tensor) in tensors.Where(row => row.Key.EndsWith("weight", StringComparison.Ordinal)))
            {
                tensors[name] = sign > 0 ? zeros_like(tensor) : -tensor;
            }
        });
        Assert.Contains("that it gave when it was saved, got others", Failure());
    }

    [Theory]
    [InlineData("{\"$type\":\"Identity\"}", "expected a Flow, got a Identity.")]
    [InlineData("{}", "got ''")]
    [InlineData("[]", "")]
    [InlineData("", "")]
    [InlineData("{\"$type\":\"Flow\"}", "the arguments of one of its constructors")]
    public void A_declaration_of_no_flow_is_refused(string declaration, string expected)
    {
        Own().Save(File);
        Write((_, metadata) => metadata["flow"] = declaration);
        var message = Failure();
        Assert.Contains("expected a declaration that makes a flow, got another: ", message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData("hidden", "2000000000")]
    [InlineData("blockCount", "1000000000")]
    [InlineData("outputs", "2000000000")]
    public void A_network_larger_than_its_file_is_refused_before_it_is_made(string argument, string value)
    {
        Declared().Save(File);
        Edit(json => Network(json)[argument] = JsonNode.Parse(value));
        Assert.Contains("got one of a larger flow; the file is damaged.", Failure());
    }

    [Fact]
    public void An_option_of_a_network_without_a_value_is_named()
    {
        Declared().Save(File);
        Edit(json => Network(json)["options"]!["activation"] = null);
        Assert.Contains("got another: expected a value for 'Activation', got none.", Failure());
    }

    [Theory]
    [InlineData("eventShape", "[4611686018427387904]", "at most 67108864 entries")]
    [InlineData("eventShape", "[-1]", "expected positive sizes")]
    [InlineData("eventShape", "[3]", "expected")]
    [InlineData("levels", "-3", "'-3'")]
    [InlineData("levels", "true", "expected 'levels' to be a Int32, got Boolean")]
    [InlineData("contextShape", "null", "embedding")]
    [InlineData("base", "null", "expected a value for 'base', got none")]
    [InlineData("transform", "{\"$type\":\"Chain\",\"layers\":null}", "expected a value for 'layers', got none")]
    [InlineData("transform", "{\"$type\":\"Planar\",\"size\":2147483647,\"net\":null}", "of a larger flow")]
    [InlineData("transform", "{\"$type\":\"Radial\",\"size\":2147483647,\"net\":null}", "of a larger flow")]
    [InlineData(
        "transform", "{\"$type\":\"Chain\",\"layers\":[null]}",
        "expected 'layers' without empty places, got one at place 0")]
    [InlineData("transform", "{\"$ref\":12}", "expected an earlier piece with id 12, got none")]
    [InlineData(
        "transform", "{\"$type\":\"StandardNormal\",\"eventShape\":[2]}", "expected 'transform' to be a Bijector")]
    [InlineData("transform", "{\"$tensor\":\"none\"}", "expected a tensor none, got none of that name")]
    public void Arguments_that_make_no_flow_are_refused(string argument, string value, string expected)
    {
        Declared().Save(File);
        Edit(json => json[argument] = JsonNode.Parse(value));
        Assert.Contains(expected, Failure());
    }

    [Fact]
    public void Declarations_without_end_are_refused()
    {
        Own().Save(File);
        var deep = string.Concat(Enumerable.Repeat("{\"$type\":\"Inverted\",\"inner\":", 200_000));
        Write((_, metadata) => metadata["flow"] = deep);
        Assert.Contains("expected a declaration that makes a flow", Failure());
    }

    [Fact]
    public void Files_of_newer_versions_and_other_programs_are_refused()
    {
        Own().Save(File);
        Write((_, metadata) => metadata["formatVersion"] = "3");
        Assert.Contains("expected format version 2, got '3'; it was saved by a newer version", Failure());
        Write((_, metadata) => metadata["format"] = "other");
        Assert.Contains("got tensors of another program", Failure());
    }

    [Fact]
    public void Checks_do_not_touch_modes_or_the_global_generator()
    {
        using var flow = Declared();
        flow.train(true);
        manual_seed(5);
        var before = randn(3);
        manual_seed(5);
        flow.Save(File);
        Flow.Load(File).Dispose();
        Assert.True(before.Equals(randn(3)));
        Assert.All(flow.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void The_command_line_takes_a_flow_that_is_no_model_of_the_zoo()
    {
        Own().Save(File);
        using var loaded = SavedModel.Load(File);
        Assert.Equal((null, null, "Flow", ""), (loaded.Model, loaded.Options, loaded.Title, loaded.Data));
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Flow Declared()
    {
        var flow = Flow.On(s_two, seed: 3)
            .Conditional(Shape.Vector(3), b => new ResidualMlp(3, 5, 4, 1, b.Generator))
            .Then(new Standardize(tensor([1f, -2]), tensor([0.5f, 2])))
            .Repeat(2, layer => layer.ActNorm().AffineCoupling(4).Permute())
            .MaskedAutoregressive(4)
            .Into(b => new LocationScale(new StandardNormal(b.Shape)));
        using var ungraded = no_grad();
        using var generator = new Generator(7);
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(randn(parameter.shape, parameter.dtype, generator: generator), alpha: 0.3);
        }

        return flow;
    }

    private static Flow Own() => new(
        s_two, new Line(s_two, -0.5, Line.Kind.Bent, ["a", "b"]) >> new Told(double.Epsilon),
        Distribution.StandardNormal);

    private static JsonObject Network(JsonNode json) =>
        json["transform"]!["layers"]!.AsArray()
            .First(layer => (string)layer!["$type"]! == "AffineCoupling")!["net"]!.AsObject();

    private string Failure() => Assert.Throws<SavedModelException>(() => Flow.Load(File)).Message;

    private void Edit(Action<JsonNode> edit) => Write((_, metadata) =>
    {
        var json = JsonNode.Parse(metadata["flow"])!;
        edit(json);
        metadata["flow"] = json.ToJsonString();
    });

    private void Write(Action<Dictionary<string, Tensor>, Dictionary<string, string>> change)
    {
        var (tensors, metadata) = SafeTensors.Read(File);
        var (changed, texts) = (tensors.ToDictionary(), metadata.ToDictionary());
        texts.Remove("sha256");
        change(changed, texts);
        SafeTensors.Write(File, changed, texts);
    }

    private sealed class Sketched : Bijector
    {
        public override int EventRank => 0;

        public override bool IsVolumePreserving => true;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x.clone();

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y.clone();

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            (x.clone(), LogDets.Zero(x));

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) =>
            (y.clone(), LogDets.Zero(y));
    }

    private sealed class Secretive(double number)
    {
        public override string ToString() => $"{number}";
    }
}
