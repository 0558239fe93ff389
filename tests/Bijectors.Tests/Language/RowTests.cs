using Bijectors.Testing;

namespace Bijectors.Tests.Language;

public class RowTests
{
    public static TheoryData<string> Names() => [.. typeof(Rows).GetNestedTypes().Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_row_obeys_every_law(string name) =>
        BijectorLaws.Check(
            () => (Bijector)Activator.CreateInstance(typeof(Rows).GetNestedType(name)!)!, Shape.Vector(3));
}
