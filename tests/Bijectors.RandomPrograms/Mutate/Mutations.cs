using Bijectors.RandomPrograms.Draw;

namespace Bijectors.RandomPrograms.Mutate;

/// <summary>The table of mistakes.</summary>
internal static class Mutations
{
    private const string Flag = "private readonly bool mflag = true;";
    private const string Number = "private readonly double mk = 0.5;";
    private const string Weight = "private readonly Parameter mw = Pieces.Parameter(-0.9, 0.9, size: 1, seed: 1);";
    private const string Square = "private readonly Parameter mm = Pieces.Matrix(2, seed: 1);";
    private const string Helper = "private static Tensor MHelp(Tensor a) => a.tanh();";
    private const string Halves = "var (ml, mr) = Parts.Halves({p}, {d}); ";
    private const string Joined = " {p} = Parts.Join(ml, mr, {d});";

    public static readonly IReadOnlyList<Mutation> All =
    [
        // A part conditions itself.
        .. Statements("BIJ0201", "a gate of itself", "{p} = {p} * torch.sigmoid({p});",
            "{p} = torch.exp(torch.tanh({p})) * {p};", "{p} = {p} / ({p}.exp() + 1);"),
        .. Statements("BIJ0201", "the part added to itself", "{p} = {p} + {p};", "{p} = {p} - {p} * 0.5;",
            "{p} = torch.exp({p}) + {p};", "{p} = {p} * {p};"),
        .. Statements("BIJ0201", "itself through a local", "var ms = torch.exp({p}); {p} = {p} * ms;",
            "var ms = {p}.tanh(); var mt = ms + 1; {p} = {p} + mt;"),
        At("BIJ0201", "itself through a method", p => p.Insert("{p} = {p} + MHelp({p});", Helper)),
        At("BIJ0201", "its mean", p => p.Insert("{p} = {p} - {p}.mean();")),

        // A value of a part that is another by now.
        Split("BIJ0202", "the whole of a split part", Halves + "mr = mr + torch.tanh({p}).mean();" + Joined),
        Split("BIJ0202", "a value of a part mapped since", Halves
            + "var ms = torch.tanh(ml).mean(); ml = ml + 1; mr = mr + ms;" + Joined),
        Split("BIJ0202", Features.Loops, "a value of a part mapped in a loop", Halves
            + "var ms = torch.tanh(ml).mean(); for (var mi = 0; mi < 2; mi++) { mr = mr + ms; ml = ml + 1; }" + Joined),
        Split("BIJ0202", Features.Branches, "a value of a part mapped in a branch",
            Halves + "var ms = torch.tanh(ml).mean(); if (mflag) { ml = ml + 1; } mr = mr + ms;" + Joined, Flag),
        Split(
            "BIJ0202",
            "a tuple of a part mapped since",
            Halves + "var (ms, mt) = MPair(ml); ml = -ml; mr = mr * torch.exp(ms.mean()) + mt.mean();" + Joined,
            "private static (Tensor, Tensor) MPair(Tensor a) => (a.tanh(), a.sin());"),
        new("a value of another part mapped since", ["BIJ0202"], Features.None,
            (program, chance) => Place.In(program, chance) is { Other: not null } place
                ? place.Insert("var ms = torch.tanh({q}).mean(); {q} = {q} + 1; {p} = {p} + ms;") : null),
        new("its own value before a map", ["BIJ0202", "BIJ0201"], Features.None, (program, chance) =>
            Place.In(program, chance)?.Insert("var ms = torch.tanh({p}); {p} = {p} + 1; {p} = {p} * torch.exp(ms);")),

        // A part that is lost or doubled.
        Split("BIJ0203", "a half joined twice", Halves + "{p} = Parts.Join(ml, ml, {d});"),
        Split("BIJ0203", Features.Branches, "a half lost in a branch", "if (mflag) { " + Halves + "}", Flag),
        Split("BIJ0203", "a half overwritten", Halves + "ml = torch.tanh(mr);" + Joined),
        new("overwritten by something else", ["BIJ0203"], Features.None,
            (program, chance) => Place.In(program, chance, isLast: true)?.Insert("{p} = torch.zeros(2);")),
        new("exchanged for itself", ["BIJ0203", "BIJ0204"], Features.Swaps, (program, chance) =>
            Place.In(program, chance) is { Other: not null } place ? place.Insert("({p}, {q}) = ({q}, {q});") : null),
        new("half of it returned", ["BIJ0203"], Features.None,
            (program, chance) => Place.In(program, chance, isLast: true, splits: true)?.Put(Halves + "return ml;")),
        new("something else returned", ["BIJ0203"], Features.None,
            (program, chance) => Place.In(program, chance, isLast: true)?.Put("return torch.zeros(2);")),
        new("both halves in one map", ["BIJ0102"], Features.None, (program, chance) => Place.In(
            program, chance, isLast: true, splits: true)?.Put(Halves + "var mc = ml * torch.exp(mr); return mc;")),

        // Maps that no inverse has.
        .. Steps("BIJ0204", "not one-to-one", "torch.nn.functional.relu({x})", "{x}.abs()", "torch.cos({x})",
            "{x}.sin()", "torch.nn.functional.gelu({x})", "{x}.tan()", "{x}.clamp(0, 1)"),
        .. Steps("BIJ0204", "information lost", "{x}.sum()", "torch.round({x})", "{x}.mean()", "torch.sign({x})",
            "{x}.floor()", "torch.softmax({x}, -1)"),
        .. Steps("BIJ0204", "times zero", "({x} * 0)", "(0.0 * {x})", "({x} / 0.0)"),
        .. Steps("BIJ0204", "an operand that folds", "nn.functional.leaky_relu({x}, -0.5)",
            "nn.functional.leaky_relu({x}, 0)", "torch.pow({x}, 0)", "{x}.pow(0.0)"),
        .. Statements(
            "BIJ0204", Features.Pieces, "pieces that do not meet", "{p} = torch.where({p} < 0, 2 * {p}, {p} + 1);",
            "{p} = torch.where({p} > 1, 2 * torch.sqrt({p}), {p});", "{p} = torch.where({p}.le(0.5), {p}, 0.5 * {p});"),
        .. Statements("BIJ0204", Features.Pieces, "pieces that go two ways", "{p} = torch.where({p} < 0, {p}, -{p});",
            "{p} = torch.where(1 <= {p}, torch.reciprocal({p}), {p});",
            "{p} = torch.where({p} >= 0, torch.expm1(-{p}), torch.sinh({p}));"),
        .. Statements("BIJ0204", Features.Pieces, "a piece whose slope ends at the cut",
            "{p} = torch.where({p} < 0, {p}, torch.square({p}));", "{p} = torch.where({p} > 0, torch.sqrt({p}), {p});",
            "{p} = torch.where({p} < 0, {p}, torch.pow({p}, 2.5));"),
        At("BIJ0204", Features.Pieces, "a piece of unknown direction",
            p => p.Insert("{p} = torch.where({p} < 0, {p} * mk, {p});", Number)),
        At("BIJ0204", Features.Pieces, "pieces of which nothing says that they meet",
            p => p.Insert("{p} = torch.where({p} < 0, {p} + mk, {p});", Number)),
        At("BIJ0204", Features.Pieces, "pieces that meet at 0 only", p =>
            p.Insert("{p} = torch.where({p} < 1, {p} * mj, {p});", "[Positive] private readonly double mj = 0.5;")),
        .. Unproven("{p} = {p} * (1 + torch.tanh(mw));", "{p} = {p} * (0.9 - torch.sigmoid(mw));",
            "{p} = {p} / torch.clamp(mw, 0, 2);", "{p} = {p} * (torch.clamp(mw, max: 3) - 2);"),
        .. Unproven(
            "{p} = {p} * mk;", "{p} = {p} / mk;", "{p} = {p} * torch.tanh(mw);", "{p} = (torch.exp(mw) - 1) * {p};",
            "{p} = {p} / (mw * mw);", "{p} = {p} * (torch.sigmoid(mw) - torch.exp(mw));"),

        // Maps of several entries that may be singular.
        .. Singular(
            "{p} = torch.matmul({p}, mm);",
            "{p} = torch.matmul({p}, torch.tril(mm, -1));",
            "{p} = {p}.matmul(mm - mm.T);",
            "{p} = torch.matmul({p}, torch.eye(2) - torch.outer(mw, mw) / torch.dot(mw, mw));",
            "{p} = torch.matmul({p}, torch.tril(mm, -1) + torch.triu(mm, 1) + torch.eye(2));",
            "{p} = torch.remainder({p}, 1);", "{p} = torch.remainder({p} + 1, 0);", "{p} = torch.cumsum({p}, 0);"),
        Split("BIJ0204", Features.Joints, "a singular mixture", Halves
            + "(ml, mr) = (ml + mr, 2 * mr + 2 * ml);" + Joined),
        Split("BIJ0204", Features.Joints, "a mixture of a free determinant",
            Halves + "(ml, mr) = (ml + mk * mr, mr - ml);" + Joined, Number),
        Split("BIJ0201", Features.Joints, "a mixture that is not linear", Halves
            + "(ml, mr) = (ml * torch.exp(mr.mean()) + mr, mr - ml);" + Joined),
        At("BIJ0201", Features.Joints, "a steep ridge",
            p => p.Insert("{p} = {p} + mw * torch.sinh(({p} * mw).sum(-1, keepdim: true));", Weight)),

        // What stands behind a surface, and where the compiler cannot tell the size of a point.
        .. Statements("BIJ0204", Features.Surfaces, "a surface that is mapped further", "{p} = -Stick.Pieces({p});",
            "{p} = Stick.Pieces(torch.sinh({p})) + 1;", "{p} = torch.log(Stick.Pieces({p}));"),
        new("a surface on a surface", ["BIJ0204"], Features.Surfaces, (program, chance) =>
            Place.In(program, chance, isLast: true) is { Statement: Return last } place
                ? place.Change([new Return(new Invoke(new Name("Stick"), "Pieces",
                    new Invoke(new Name("Stick"), "Pieces", last.Value)))]) : null),
        Split("BIJ0204", Features.Surfaces, "a surface beside a part", Halves + "ml = Stick.Pieces(ml);" + Joined),
        Split("BIJ0202", Features.Sizes, "the shape of a part that was split",
            Halves + "mr = mr + torch.arange({p}.size(-1), dtype: mr.dtype).mean();" + Joined),
        Split("BIJ0202", Features.Sizes, "the shape of a part before a move",
            Halves + "var mn = ml.size(-1); ml = Parts.Flip(ml, {d}); ml = ml + mn;" + Joined),
        .. Promise("BIJ0201", Features.Sizes | Features.Causal, "a causal function and a shape",
            "{p} = {p} + MBefore({p}) * {p}.size(-1);",
            "[Causal] private static Tensor MBefore(Tensor x) => Pieces.Before(x);"),
        .. Masked("BIJ0201", "a shape under a mask", "mm * {p} + (1 - mm) * ({p} + {p}.size(-1))"),

        // Where a map is defined, and what it is onto.
        new("a logarithm of negative numbers", ["BIJ0206"], Features.None, (program, chance) =>
            Place.In(program, chance, isFresh: true) is { Statement.Before.StatesDomain: false } place
                ? place.Insert("{p} = torch.log(torch.tanh({p}) - 1);") : null),
        new("a logarithm of an unknown shift", ["BIJ0206"], Features.None, (program, chance) =>
            Place.In(program, chance, isFresh: true) is { Statement.Before.StatesDomain: false } place
                ? place.Insert("{p} = torch.log(torch.exp({p}) + mk);", Number) : null),
        new("an unknown codomain", ["BIJ0207"], Features.None, (program, chance) =>
            Place.In(program, chance, isLast: true) is { Statement: Return last } place
            && !place.Statement.Before.StatesDomain
                ? place.Change(
                    [new Return(new Binary("+", new Invoke(new Name("torch"), "exp", last.Value), new Name("mw")))],
                    Weight) : null),

        // What must not depend on the input.
        new("a roll by the part", ["BIJ0208"], Features.None,
            (program, chance) => Place.In(program, chance, fits: HasRank)?.Insert("{p} = Parts.Roll({p}, {p}.dim());")),
        new("a roll by another part", ["BIJ0208"], Features.None,
            (program, chance) => Place.In(program, chance, fits: HasRank) is { Other: not null } place
                ? place.Insert("{p} = Parts.Roll({p}, (long){q}.sum().item<double>());") : null),
        new("a roll by the context", ["BIJ0208"], Features.None, (program, chance) => program.TakesContext
            ? Place.In(program, chance, fits: HasRank)?.Insert("{p} = Parts.Roll({p}, context!.dim());") : null),
        new("a move that the context decides on", ["BIJ0208"], Features.Branches,
            (program, chance) => program.TakesContext
            ? Place.In(program, chance, fits: HasRank)?.Insert("if (context is not null) { {p} = Parts.Flip({p}); }")
            : null),
        .. Statements("BIJ0209", Features.Branches, "a branch on the part",
            "if ({p}.sum().item<double>() > 0) { {p} = -{p}; }", "if ({p}.dim() > 1) { {p} = {p} + 1; }",
            "var mb = {p}.mean().item<double>(); if (mb > 0) { {p} = {p} + 1; }"),
        .. Statements(
            "BIJ0209",
            Features.Loops,
            "a loop over the part",
            "for (var mi = 0; mi < (int){p}.dim(); mi++) { {p} = {p} + 1; }",
            "foreach (var mi in Enumerable.Range(0, (int){p}.dim())) { {p} = {p} + 1; }"),

        // Not in the language at all.
        .. Statements("BIJ0101", "in place", "{p} = {p}.mul_(2);", "{p} *= 2;", "{p}.add_(1);",
            "{p} = {p} + torch.ones(1).exp_();"),
        .. Statements(
            "BIJ0101", "noise", "{p} = {p} + Random.Shared.NextDouble();", "{p} = {p} * torch.exp(torch.rand(1));"),
        new("noise of the part's own shape", ["BIJ0101", "BIJ0201"], Features.None,
            (program, chance) => Place.In(program, chance)?.Insert("{p} = {p} + torch.randn_like({p});")),
        .. Statements("BIJ0101", "an unknown function", "{p} = torch.digamma({p});", "{p} = 2 / {p};",
            "{p} = torch.nn.functional.softplus({p}, 2, 10);"),
        .. Statements("BIJ0101", "a lambda", "{p} = {p} + new Func<Tensor, Tensor>(a => a)(torch.ones(1));",
            "Tensor MLocal(Tensor a) => a; {p} = {p} + MLocal(torch.ones(1));"),
        .. Statements("BIJ0101", "a statement that is none of the language", "try { {p} = -{p}; } finally { }",
            "Console.WriteLine({p}.dim());", "using var mu = torch.ones(1);", "while ({p}.dim() > 9) { {p} = -{p}; }",
            "for (var mi = 0; mi < 4; mi += 2) { {p} = -{p}; }"),
        At("BIJ0101", "a condition inside an expression",
            p => p.Insert("{p} = {p} + (mflag ? torch.ones(1).exp() : torch.zeros(1).exp());", Flag)),
        At("BIJ0101", Features.Loops, "a value carried from pass to pass",
            p => p.Insert("var ms = 1.0; for (var mi = 0; mi < 2; mi++) { ms = ms + 1; {p} = {p} + ms; }")),

        // Promises that do not hold, and members that clash.
        .. Promise(
            "BIJ0210",
            Features.Contractive,
            "no contraction",
            "{p} = {p} + MPull({p});",
            "[Contractive(1.5)] private static Tensor MPull(Tensor x) => x.sin();",
            "[Contractive(0)] private static Tensor MPull(Tensor x) => x.sin();",
            "[Contractive(1)] private static Tensor MPull(Tensor x) => x.sin();"),
        .. Promise("BIJ0201", Features.Contractive, "a contraction that is scaled", "{p} = {p} + 2 * MPull({p});",
            "[Contractive(0.5)] private static Tensor MPull(Tensor x) => x.sin() / 2;"),
        .. Promise("BIJ0201", Features.Causal, "a causal function that is mixed", "{p} = {p} + MBefore({p}).flip(-1);",
            "[Causal] private static Tensor MBefore(Tensor x) => Pieces.Before(x);"),
        .. Promise(
            "BIJ0201", Features.Causal, "a causal function and the part", "{p} = {p} * torch.exp(MBefore({p}) + {p});",
            "[Causal] private static Tensor MBefore(Tensor x) => Pieces.Before(x);"),
        .. Promise(
            "BIJ0201",
            Features.Causal,
            "an argument of a row that says nothing of it",
            "{p} = MTurn({p}, MBefore({p}));",
            "[Primitive(nameof(MTurn), nameof(MTurn))] private static Tensor MTurn(Tensor x, Tensor k) => k - x; "
            + "[Causal] private static Tensor MBefore(Tensor x) => Pieces.Before(x);"),
        .. Promise("BIJ0201", Features.Causal, "numbers for each entry where there is one", "{p} = {p} + MBins({p});",
            "[Causal(Trailing = 1)] private static Tensor MBins(Tensor x) => Pieces.Bins(x).Widths;"),
        .. Promise(
            "BIJ0204",
            Features.Causal,
            "an order that is none",
            "{p} = {p} + MBefore({p});",
            "[Causal(-1, -1)] private static Tensor MBefore(Tensor x) => Pieces.Before(x);",
            "[Causal(-1, 0)] private static Tensor MBefore(Tensor x) => Pieces.Before(x);"),

        // What is none of a mask.
        .. Masked("BIJ0201", "no complement of a mask", "mm * {p} + mo * (2 * {p})", "mm * {p} + (1 - mo) * (2 * {p})",
            "mm * {p} + (2 - mm) * (2 * {p})", "(2 * {p}) * mm + {p} * mm", "(1 - mm) * {p} + (1 - mm) * -{p}"),
        .. Masked("BIJ0201", "a mask that is not marked", "mn * {p} + (1 - mn) * (2 * {p})",
            "(2 * {p}) * (1 - mn) + {p} * mn"),
        .. Masked(
            "BIJ0201",
            "more than what a mask keeps",
            "mm * {p} + (1 - mm) * ({p} + torch.tanh({p}))",
            "mm * {p} + (1 - mm) * ({p} * torch.exp(torch.tanh(mo * {p})))",
            "{p} * mm + (1 - mm) * ({p} + torch.tanh((1 - mm) * {p}))",
            "mm * {p} + (1 - mm) * ({p} + (mm * {p} + {p}))"),
        .. Masked("BIJ0101", "more than a map under a mask", "mm * {p} + (1 - mm) * Parts.Flip({p})",
            "mm * {p} + (1 - mm) * {p}"),
        .. Promise("BIJ0005", Features.Primitives, "an inverse that is not there", "{p} = MGrow({p});",
            "[Primitive(\"MShrink\", \"MSlope\")] private static Tensor MGrow(Tensor x) => 2 * x;"),
        new("a monotone map that is not asked for", ["BIJ0211"], Features.Monotone,
            (program, chance) => program.IsNumerical ? null
                : Place.In(program, chance)
                    ?.Insert("{p} = MBend({p});", "[Monotone] private static Tensor MBend(Tensor x) => x + x.tanh();")),
        At("BIJ0002", "two forward methods", p => p.Insert("", "[Forward] private Tensor MTwo(Tensor x) => -x;")),
        At("BIJ0004", "an inverse by hand",
            p => p.Insert("", "protected override Tensor InverseCore(Tensor y, Tensor? context) => y;")),
    ];

    private static IEnumerable<Mutation> Singular(params string[] statements) => statements.Select(s => new Mutation(
        "a map of several entries that may be singular", ["BIJ0204"], Features.Joints,
        (program, chance) => Place.In(program, chance, fits: HasRank)?.Insert(s, Weight, Square)));

    private static IEnumerable<Mutation> Masked(string id, string name, params string[] values) =>
        values.Select(v => new Mutation(name, [id], Features.Masks, (program, chance) =>
            Place.In(program, chance, fits: p => p.Span == Span.Real && p.Shape.Rank > 0)?.Insert(
                "{p} = " + v + ";", "[Mask] private readonly Tensor mm = torch.ones(1);",
                "[Mask] private readonly Tensor mo = torch.ones(1);", "private readonly Tensor mn = torch.ones(1);")));

    private static bool HasRank(Part part) => part.Shape.Rank > 0;

    private static Mutation At(string id, string name, Func<Place, DrawnProgram> make) =>
        At(id, Features.None, name, make);

    private static Mutation At(string id, Features needs, string name, Func<Place, DrawnProgram> make) =>
        new(name, [id], needs, (program, chance) => Place.In(program, chance) is { } place ? make(place) : null);

    private static Mutation Split(string id, string name, string statements, params string[] members) =>
        Split(id, Features.None, name, statements, members);

    private static Mutation Split(string id, Features needs, string name, string statements, params string[] members) =>
        new(name, [id], needs,
            (program, chance) => Place.In(program, chance, splits: true)?.Insert(statements, members));

    private static IEnumerable<Mutation> Statements(string id, string name, params string[] statements) =>
        Statements(id, Features.None, name, statements);

    private static IEnumerable<Mutation> Statements(
        string id, Features needs, string name, params string[] statements) =>
        statements.Select(s => At(id, needs, name, p => p.Insert(s)));

    /// <summary>
    /// A multiplier that may be zero is a warning, so everything else must stay right: on a part of all reals it does.
    /// </summary>
    private static IEnumerable<Mutation> Unproven(params string[] statements) => statements.Select(s => new Mutation(
        "an unproven multiplier", ["BIJ0205"], Features.None, (program, chance) => Place.In(program, chance,
            isFresh: true, fits: p => p.Span == Span.Real && p.Shape.Rank > 0)?.Insert(s, Number, Weight)));

    private static IEnumerable<Mutation> Promise(
        string id, Features needs, string name, string statement, params string[] members) =>
        members.Select(m => new Mutation(name, [id], needs, (program, chance) =>
            Place.In(program, chance, fits: p => p.Span == Span.Real && p.Shape.Rank > 0)?.Insert(statement, m)));

    /// <summary>A step that stands alone, or inside a map that was there before.</summary>
    private static IEnumerable<Mutation> Steps(string id, string name, params string[] steps) =>
        steps.Select(step => new Mutation(name, [id], Features.None, (program, chance) =>
        {
            var maps = Statement.All(program.Body).OfType<Assign>()
                .Where(a => a.Maps is { } part && Occurs(a.Value, part) == 1).ToList();
            if (maps.Count == 0 || chance.Happens(0.4))
            {
                return Place.In(program, chance)
                    ?.Insert("{p} = " + step.Replace("{x}", "{p}", StringComparison.Ordinal) + ";");
            }

            var map = chance.Pick(maps);
            var wrapped = map with { Value =
                map.Value.Replace(map.Maps!, new Name(step.Replace("{x}", map.Maps, StringComparison.Ordinal))) };
            return program with { Body = Statement.Edit(program.Body, s => ReferenceEquals(s, map) ? [wrapped] : [s]) };
        }));

    private static int Occurs(Expression value, string variable) => Print.Code.Of(value)
        .Split([' ', '(', ')', ',', '.', '-', '!', '['], StringSplitOptions.None).Count(word => word == variable);
}
