using Bijectors.Kernels;

namespace Bijectors.Tests.Kernels;

public sealed class StaircaseTests
{
    // Five units on seven inputs: 0, 2, 2, 5 and 7 of them.
    private static readonly int[] s_steps = [0, 2, 2, 5, 7];

    [Fact]
    public void Panels_of_units_need_as_many_inputs_as_their_last_unit()
    {
        Assert.Equal([2, 5, 7], new Staircase(null, null, 7, s_steps).InputsOfPanels(2));
        Assert.Equal([5, 7], new Staircase(null, null, 7, s_steps).InputsOfPanels(4));
        Assert.Equal([7, 7, 7], new Staircase(null, null, 7, s_steps, always: 1).InputsOfPanels(2));
    }

    [Fact]
    public void Panels_of_inputs_begin_with_the_first_unit_that_hears_one_of_them()
    {
        Assert.Equal([1, 3, 3, 4], new Staircase(null, null, 7, s_steps).UnitsOfPanels(2));
        Assert.Equal([1, 3], new Staircase(null, null, 7, s_steps).UnitsOfPanels(4));
        Assert.Equal([5, 5], new Staircase(null, null, 4, [0, 0, 0, 0, 0]).UnitsOfPanels(2));

        // Those that all units hear are in the last two panels, not in the second.
        Assert.Equal([1, 3, 0, 0], new Staircase(null, null, 7, s_steps, always: 3).UnitsOfPanels(2));
    }

    [Fact]
    public void Weights_that_count_are_counted_once()
    {
        Assert.Equal(16, new Staircase(null, null, 7, s_steps).Count);
        Assert.Equal(16 + 2 + 2 + 2 + 2, new Staircase(null, null, 7, s_steps, always: 2).Count);
        Assert.Equal(16, new DenseLayer(0, 0, new(null, null, 7, s_steps), 7, 5).Count);
        Assert.Equal(35, new DenseLayer(0, 0, null, 7, 5).Count);
    }

    [Fact]
    public void Units_hear_the_inputs_before_their_step_and_those_that_all_hear()
    {
        var stairs = new Staircase([3, 1, 4, 0, 2], [6, 5, 4, 3, 2, 1, 0], 7, s_steps, always: 3);
        Assert.Equal((0, 4), stairs.InputsOf(0));
        Assert.Equal((5, 5), stairs.InputsOf(3));
        Assert.Equal((7, 7), stairs.InputsOf(4));
        Assert.Equal(4, stairs.Unit(2));
        Assert.False(stairs.UnitsAreInOrder);
        Assert.False(stairs.InputsAreInOrder);
        Assert.Equal(6, stairs.Inputs[0]);
        var plain = new Staircase(null, null, 7, s_steps);
        Assert.Equal(2, plain.Unit(2));
        Assert.Equal(3, plain.Inputs[3]);
        Assert.True(plain.UnitsAreInOrder);
        Assert.True(plain.InputsAreInOrder);
    }
}
