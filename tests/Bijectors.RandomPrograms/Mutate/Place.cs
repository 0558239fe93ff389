using Bijectors.RandomPrograms.Draw;

namespace Bijectors.RandomPrograms.Mutate;

/// <summary>A place in a program where a mistake is made: before a statement, with a part that lives there.</summary>
internal sealed record Place(DrawnProgram Program, Statement Statement, Part Part, Part? Other, int Dim)
{
    /// <summary>A random place; null where no part of the program is like that.</summary>
    /// <param name="program">The program.</param>
    /// <param name="chance">Picks the place.</param>
    /// <param name="isLast">Whether the place must be before the return.</param>
    /// <param name="splits">Whether the part must have a dimension of more than one entry.</param>
    /// <param name="isFresh">Whether no value may have been computed from the part: mapping it is a mistake of its own
    /// otherwise.</param>
    /// <param name="fits">What else is asked of the part.</param>
    public static Place? In(
        DrawnProgram program, Chance chance, bool isLast = false, bool splits = false, bool isFresh = false,
        Func<Part, bool>? fits = null)
    {
        var places = Statement.All(program.Body).Where(s => !isLast || s is Return)
            .SelectMany(s => s.Before.Parts.Where(p => (!splits || Split(p) < 0)
                && !(isFresh && s.Before.Values.Any(v => v.Operand.Reads.Contains(p.Variable)))
                && (fits?.Invoke(p) ?? true)).Select(p => (s, p))).ToList();
        if (places.Count == 0)
        {
            return null;
        }

        var (statement, part) = chance.Pick(places);
        var others = statement.Before.Parts.Where(p => p.Variable != part.Variable).ToList();
        return new(program, statement, part, others.Count > 0 ? chance.Pick(others) : null, Split(part));
    }

    /// <summary>
    /// The program with statements in front of the place. <c>{p}</c> is the part, <c>{q}</c> another one, <c>{d}</c>
    /// the dimension it is split along.
    /// </summary>
    public DrawnProgram Insert(string statements, params string[] members) =>
        Change([new Foreign(Fill(statements)), Statement], members);

    /// <summary>The program with other statements in the place of the statement.</summary>
    public DrawnProgram Put(string statements, params string[] members) =>
        Change([new Foreign(Fill(statements))], members);

    public DrawnProgram Change(IReadOnlyList<Statement> by, params string[] members) => Program with
    {
        Body = Statement.Edit(Program.Body, s => ReferenceEquals(s, Statement) ? by : [s]),
        Members = [.. Program.Members, .. members],
    };

    private string Fill(string text) => text.Replace("{p}", Part.Variable, StringComparison.Ordinal)
        .Replace("{q}", Other?.Variable, StringComparison.Ordinal).Replace("{d}", $"{Dim}", StringComparison.Ordinal);

    /// <summary>A dimension of more than one entry; 0 where there is none.</summary>
    private static int Split(Part part) =>
        Enumerable.Range(1, part.Shape.Rank).Select(d => -d).FirstOrDefault(d => part.Shape[d] > 1);
}
